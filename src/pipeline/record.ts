import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256, sha256File } from '../core/digest.js';
import { isErrno } from '../core/errno.js';

/** One output as it was when the record was published. */
export interface OutputFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What the store keeps about one finished stage, beside its outputs: the content of `record.json`. */
export interface StageRecord {
  readonly format: 1;
  readonly stage: string;
  readonly key: string;
  /** Id of the task that made it; other tasks may share the record. */
  readonly task: string;
  /** The text whose SHA-256 is the key. */
  readonly hashed: string;
  readonly versions: { readonly patchnas: string; readonly node: string };
  readonly finishedAt: string;
  readonly wallMs: number;
  readonly peakBytes: number;
  readonly outputs: readonly OutputFile[];
}

export const recordFile = 'record.json';

/** Why a record may not be used. */
export class Damage extends Error {}

/**
 * Reads the record in a folder and checks it against its key and its outputs' sizes.
 * @throws {Damage} with what is wrong; file system errors as they are
 */
export async function readRecord(folder: string, key: string): Promise<StageRecord> {
  const text = await readFile(join(folder, recordFile), 'utf8').catch((error: unknown) => {
    throw isErrno(error, 'ENOENT') ? new Damage(`${recordFile} is missing`) : error;
  });
  const record = parseRecord(text);
  if (record.key !== key || sha256(record.hashed) !== key)
    throw new Damage(`${recordFile} belongs to another key`);
  await Promise.all(record.outputs.map((output) => checkSize(folder, output)));
  return record;
}

/** Reads all outputs and compares their SHA-256. @throws {Damage} at the first that differs */
export async function checkDigests(folder: string, record: StageRecord): Promise<void> {
  for (const output of record.outputs) {
    const found = await sha256File(join(folder, output.file));
    if (found !== output.sha256)
      throw new Damage(
        `${output.file} has SHA-256 ${found.slice(0, 12)}… but ${output.sha256.slice(0, 12)}… was written`,
      );
  }
}

function parseRecord(text: string): StageRecord {
  let value: Partial<StageRecord> | null;
  try {
    value = JSON.parse(text) as Partial<StageRecord> | null;
  } catch {
    throw new Damage(`${recordFile} is not JSON`);
  }
  const isWhole =
    typeof value?.key === 'string' && typeof value.hashed === 'string' && Array.isArray(value.outputs);
  if (!isWhole || value?.format !== 1) throw new Damage(`${recordFile} is not a record of format 1`);
  return value as StageRecord;
}

async function checkSize(folder: string, output: OutputFile): Promise<void> {
  const found = await stat(join(folder, output.file)).catch((error: unknown) => {
    throw isErrno(error, 'ENOENT') ? new Damage(`${output.file} is missing`) : error;
  });
  if (found.size !== output.bytes)
    throw new Damage(`${output.file} has ${found.size} bytes but ${output.bytes} were written`);
}
