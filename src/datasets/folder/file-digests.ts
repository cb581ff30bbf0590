import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { canonicalJson } from '../../core/canonical-json.js';
import { sha256 } from '../../core/digest.js';
import { forEachAtOnce } from './at-once.js';
import type { FolderListing } from './listing.js';
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

/** Reads every file of a listing. @throws {DataError} PN345 with all that cannot be read */
export async function digestsOf(root: string, listing: FolderListing): Promise<FileDigest[]> {
  const paths = [...[...listing.train, ...listing.test].map((file) => file.path), ...listing.texts];
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
