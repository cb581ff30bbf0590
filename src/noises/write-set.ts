import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256File } from '../core/digest.js';
import { diskReason } from '../core/disk-reason.js';
import { DataError, UsageError } from '../core/errors.js';
import { encodeNpy, writeNpy, type NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import type { Corruptor } from './corruptor.js';
import type { Severity } from './noise.js';
import { writeCorrupted } from './write-corrupted.js';

export interface SetRequest {
  readonly noises: readonly string[];
  /** Of the entries of noises that are to have other than their default parameters. */
  readonly params: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly severities: readonly Severity[];
  /** [n, height, width, 3] */
  readonly images: NdArray<Uint8Array>;
  /** [n] */
  readonly labels: Uint8Array;
  /** The root stream, as for `corruptImages`. */
  readonly rng: Rng;
  /** Replaces files of the same names that are there. */
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Told how many images of how many of a noise are written. */
  readonly onProgress: (noise: string, done: number, total: number) => void;
}

export interface WrittenFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const labelsFile = 'labels.npy';

/**
 * Writes a folder in the layout of CIFAR-10-C: for each noise `<noise>.npy` [severities * n, height, width, 3] bytes,
 * severity by severity, and `labels.npy` [severities * n]. All files appear when all are whole; when it fails or is
 * stopped, none does.
 * @throws {UsageError} PN293 when files of these names are there
 * @throws {DataError} PN363 when the folder cannot be written, and what the noises throw
 * @throws the signal's reason when it is aborted
 */
export async function writeSet(
  corruptor: Corruptor,
  folder: string,
  request: SetRequest,
): Promise<WrittenFile[]> {
  try {
    await mkdir(folder, { recursive: true });
    const labels = labelsOf(request);
    if (!request.force) await refuseToReplace(folder, request.noises, labels);
    const staged = await mkdtemp(join(folder, '.unfinished-'));
    try {
      await writeFiles(corruptor, staged, request, labels);
      const written: WrittenFile[] = [];
      for (const name of [...request.noises.map(fileOf), labelsFile]) {
        const path = join(staged, name);
        written.push({ name, sizeBytes: (await stat(path)).size, sha256: await sha256File(path) });
      }
      request.signal.throwIfAborted();
      for (const { name } of written) await rename(join(staged, name), join(folder, name));
      return written;
    } finally {
      await rm(staged, { recursive: true, force: true });
    }
  } catch (error) {
    throw explainDisk(error, folder);
  }
}

const fileOf = (noise: string): string => `${noise}.npy`;

/** The labels once for each severity. */
function labelsOf({ labels, severities }: SetRequest): NdArray<Uint8Array> {
  const data = new Uint8Array(labels.length * severities.length);
  for (let s = 0; s < severities.length; s++) data.set(labels, s * labels.length);
  return { shape: [data.length], data };
}

async function writeFiles(
  corruptor: Corruptor,
  folder: string,
  { noises, params, severities, images, rng, signal, onProgress }: SetRequest,
  labels: NdArray<Uint8Array>,
): Promise<void> {
  for (const noise of noises)
    await writeCorrupted(corruptor, join(folder, fileOf(noise)), {
      noise,
      params: params[noise] ?? {},
      severities,
      images,
      rng,
      signal,
      onProgress: (done, total) => {
        onProgress(noise, done, total);
      },
    });
  await writeNpy(join(folder, labelsFile), labels);
}

/** The labels may be there already when they are the same: then noises are added to an earlier set. */
async function refuseToReplace(
  folder: string,
  noises: readonly string[],
  labels: NdArray<Uint8Array>,
): Promise<void> {
  const found: string[] = [];
  for (const name of noises.map(fileOf)) if (await exists(join(folder, name))) found.push(name);
  const path = join(folder, labelsFile);
  if ((await exists(path)) && !(await readFile(path)).equals(encodeNpy(labels))) found.push(labelsFile);
  if (found.length === 0) return;
  throw new UsageError(`there are such files already: ${found.join(', ')}`, {
    code: 'PN293',
    where: folder,
    fix: found.includes(labelsFile)
      ? 'The labels there belong to other images or severities: choose another folder, or replace all its files with --force.'
      : 'Choose another folder, leave these noises out, or replace the files with --force.',
  });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function explainDisk(error: unknown, folder: string): unknown {
  const reason = diskReason(error);
  if (reason === undefined) return error;
  return new DataError(`the corrupted images cannot be written: ${reason}`, {
    code: 'PN363',
    where: folder,
    fix: 'Make room or give access, or choose another folder.',
    cause: error,
  });
}
