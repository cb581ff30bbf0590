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
    const digest = digests && sizeBytes !== undefined ? await sha256File(path) : undefined;
    checks.push(compare(file, sizeBytes, digest));
  }
  return checks;
}

/**
 * Reads pinned files one after the other and hands over each whose bytes are right.
 * @param read gives the bytes of a file, or undefined where it is missing
 */
export async function readPinnedFiles(
  files: readonly PinnedFile[],
  read: (file: PinnedFile) => Promise<Uint8Array | undefined>,
  use: (file: PinnedFile, bytes: Uint8Array) => void | Promise<void>,
): Promise<FileCheck[]> {
  const checks: FileCheck[] = [];
  for (const file of files) {
    const bytes = await read(file);
    const check = compare(file, bytes?.length, bytes && sha256(bytes));
    checks.push(check);
    if (check.ok && bytes) await use(file, bytes);
  }
  return checks;
}

/** The bytes of a file, or undefined where there is none. */
export async function bytesOf(path: string): Promise<Uint8Array | undefined> {
  return (await sizeOf(path)) === undefined ? undefined : readFile(path);
}

/** @throws {DataError} PN331 that names every file that is missing or differs */
export function requireWhole(title: string, folder: string, checks: readonly FileCheck[], fix: string): void {
  const bad = checks.filter((check) => !check.ok);
  if (bad.length === 0) return;
  const list = bad.map((check) => `\n  ${describeCheck(check).replaceAll('\n', '\n  ')}`).join('');
  throw new DataError(
    `${bad.length} of ${checks.length} files of ${title} missing, truncated or altered${list}`,
    {
      code: 'PN331',
      where: folder,
      fix,
    },
  );
}

/** One line for a file that is right; for another one what was expected and what was found, a line each. */
export function describeCheck({ name, expected, found, ok }: FileCheck): string {
  if (ok) return `${name}: ${expected.sizeBytes} bytes, as expected`;
  const pin = `  expected ${expected.sizeBytes} bytes, SHA-256 ${expected.sha256}`;
  if (found === undefined) return `${name}: missing\n${pin}`;
  const missing = found.sizeBytes - expected.sizeBytes;
  const what = missing < 0 ? 'truncated' : missing > 0 ? 'too long' : 'altered';
  const digest = found.sha256 === undefined ? '' : `, SHA-256 ${found.sha256}`;
  return `${name}: ${what}\n${pin}\n  found ${found.sizeBytes} bytes${digest}`;
}

/** @param digest undefined: compare sizes only */
function compare(file: PinnedFile, sizeBytes: number | undefined, digest: string | undefined): FileCheck {
  return {
    name: file.name,
    expected: { sizeBytes: file.sizeBytes, sha256: file.sha256 },
    found: sizeBytes === undefined ? undefined : { sizeBytes, sha256: digest },
    ok: sizeBytes === file.sizeBytes && (digest === undefined || digest === file.sha256),
  };
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
