import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { canonicalJson } from '../../core/canonical-json.js';
import type { DigestMemory } from '../../core/digest-memory.js';
import { sha256 } from '../../core/digest.js';
import { forEachAtOnce } from '../../core/at-once.js';
import { DataError } from '../../core/errors.js';
import { reasonOf, requireNone } from '../../core/problems.js';

export interface FileDigest {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export function digestOfFile(path: string, bytes: Uint8Array): FileDigest {
  return { path, sizeBytes: bytes.length, sha256: sha256(bytes) };
}

/** Names the content of a folder; the order of `files` does not matter. */
export function digestOfFolder(files: readonly FileDigest[]): string {
  const rows = files.map((file) => [file.path, file.sizeBytes, file.sha256] as const);
  return sha256(canonicalJson(rows.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))));
}

/**
 * Names the content of files below a folder.
 * @param paths relative to it, with "/"
 * @throws {DataError} PN345 with all that cannot be read
 */
export function digestOfFiles(root: string, paths: readonly string[], memory: DigestMemory): Promise<string> {
  const absolute = paths.map((path) => join(root, path));
  return memory.recall(`folder ${root}`, absolute, async () => digestOfFolder(await digestsOf(root, paths)));
}

async function digestsOf(root: string, paths: readonly string[]): Promise<FileDigest[]> {
  const digests: FileDigest[] = [];
  const problems: string[] = [];
  await forEachAtOnce(paths, async (path) => {
    try {
      digests.push(digestOfFile(path, await readFile(join(root, path))));
    } catch (error) {
      problems.push(`${path}: ${reasonOf(error)}`);
    }
  });
  requireReadable(root, problems);
  return digests;
}

export function requireReadable(root: string, problems: readonly string[]): void {
  const { length } = problems;
  requireNone(problems.toSorted(), {
    message: length === 1 ? '1 file cannot be read' : `${length} files cannot be read`,
    code: 'PN345',
    where: root,
    fix: 'Copy these files again from where they came, or remove them.',
  });
}

/** @throws {DataError} PN347 when a folder has another digest than when the work was planned */
export function requireUnchanged(root: string, digest: string, expected: string): void {
  if (digest === expected) return;
  throw new DataError('the images have changed since the run was planned', {
    code: 'PN347',
    where: root,
    fix: 'Leave the folder alone while a run reads it, and start the run again.',
  });
}
