import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256, sha256File } from '../core/digest.js';
import { DataError } from '../core/errors.js';
import type { FileCheck } from './dataset.js';

/** A file that is known byte for byte. */
export interface PinnedFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Compares the files of a folder with their pins, by size or (`digests`) by size and SHA-256. */
export async function checkPinnedFiles(
  folder: string,
  files: readonly PinnedFile[],
  { digests }: { readonly digests: boolean },
): Promise<FileCheck[]> {
  const checks: FileCheck[] = [];
  for (const file of files) {
    const path = join(folder, file.name);
    const sizeBytes = await sizeOf(path);
    const digest = digests && sizeBytes === file.sizeBytes ? await sha256File(path) : undefined;
    const found = sizeBytes === undefined ? undefined : { sizeBytes, sha256: digest };
    const ok = sizeBytes === file.sizeBytes && (!digests || digest === file.sha256);
    checks.push({ name: file.name, expected: pinOf(file), found, ok });
  }
  return checks;
}

/** Reads pinned files one after the other and hands over each whose bytes are right. */
export async function readPinnedFiles(
  folder: string,
  files: readonly PinnedFile[],
  use: (file: PinnedFile, bytes: Uint8Array) => void | Promise<void>,
): Promise<FileCheck[]> {
  const checks: FileCheck[] = [];
  for (const file of files) {
    const sizes = await checkPinnedFiles(folder, [file], { digests: false });
    if (!sizes[0]!.ok) {
      checks.push(...sizes);
      continue;
    }
    const bytes = await readFile(join(folder, file.name));
    const digest = sha256(bytes);
    const ok = digest === file.sha256;
    const found = { sizeBytes: bytes.length, sha256: digest };
    checks.push({ name: file.name, expected: pinOf(file), found, ok });
    if (ok) await use(file, bytes);
  }
  return checks;
}

/** @throws {DataError} PN331 that names every file that is missing or differs */
export function requireWhole(title: string, folder: string, checks: readonly FileCheck[], fix: string): void {
  const bad = checks.filter((check) => !check.ok);
  if (bad.length === 0) return;
  const list = bad.map((check) => `\n  ${describeCheck(check)}`).join('');
  throw new DataError(
    `${bad.length} of ${checks.length} files of ${title} missing, truncated or altered${list}`,
    {
      code: 'PN331',
      where: folder,
      fix,
    },
  );
}

/** One line for one file: what was expected and what was found. */
export function describeCheck({ name, expected, found, ok }: FileCheck): string {
  const pin = `expected ${expected.sizeBytes} bytes`;
  if (found === undefined) return `${name}: missing, ${pin} with SHA-256 ${expected.sha256}`;
  if (found.sizeBytes !== expected.sizeBytes) {
    const what = found.sizeBytes < expected.sizeBytes ? 'truncated' : 'too long';
    return `${name}: ${what}, ${pin}, found ${found.sizeBytes}`;
  }
  if (!ok)
    return `${name}: altered, expected SHA-256 ${expected.sha256}\n    found ${found.sha256 ?? 'unknown'}`;
  return `${name}: ${expected.sizeBytes} bytes, as expected`;
}

function pinOf(file: PinnedFile): FileCheck['expected'] {
  return { sizeBytes: file.sizeBytes, sha256: file.sha256 };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.size : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
