import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256File } from '../core/digest.js';
import { diskReason } from '../core/disk-reason.js';
import { DataError, UsageError } from '../core/errors.js';
import { writeNpyRows } from '../core/npy-rows.js';
import { encodeNpy, writeNpy, type NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import { drawNoises, type NoisySource } from './mixture.js';
import type { Severity } from './noise.js';

export interface SetRequest {
  readonly source: NoisySource;
  /** What is written: a file for each. */
  readonly environments: readonly { readonly name: string; readonly noises: readonly string[] }[];
  readonly severities: readonly Severity[];
  /** [n] which of the source's images, ascending. */
  readonly indices: Uint32Array;
  /** The root stream, as for `corruptImages`. */
  readonly rng: Rng;
  /** Replaces files of the same names that are there. */
  readonly force: boolean;
  readonly signal: AbortSignal;
  /** Told how many images of how many of an environment are written. */
  readonly onProgress: (environment: string, done: number, total: number) => void;
}

export interface WrittenFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

const labelsFile = 'labels.npy';

/**
 * Writes a folder in the layout of CIFAR-10-C: for each environment `<name>.npy` [severities * n, height, width,
 * 3] bytes, severity by severity, and `labels.npy` [severities * n]. All files appear when all are whole; when it fails or is
 * stopped, none does.
 * @throws {UsageError} PN293 when files of these names are there
 * @throws {DataError} PN363 when the folder cannot be written, and what the source throws
 * @throws the signal's reason when it is aborted
 */
export async function writeSet(folder: string, request: SetRequest): Promise<WrittenFile[]> {
  try {
    await mkdir(folder, { recursive: true });
    const labels = labelsOf(request);
    const names = request.environments.map(({ name }) => fileOf(name));
    if (!request.force) await refuseToReplace(folder, names, labels);
    const staged = await mkdtemp(join(folder, '.unfinished-'));
    try {
      await writeFiles(staged, request, labels);
      const written: WrittenFile[] = [];
      for (const name of [...names, labelsFile]) {
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

const fileOf = (environment: string): string => `${environment}.npy`;

/** The labels once for each severity. */
function labelsOf({ source, indices, severities }: SetRequest): NdArray<Uint8Array> {
  const once = Uint8Array.from(indices, (image) => source.labels[image]!);
  const data = new Uint8Array(once.length * severities.length);
  for (let s = 0; s < severities.length; s++) data.set(once, s * once.length);
  return { shape: [data.length], data };
}

async function writeFiles(
  folder: string,
  { source, environments, severities, indices, rng, signal, onProgress }: SetRequest,
  labels: NdArray<Uint8Array>,
): Promise<void> {
  for (const { name, noises } of environments) {
    const chosen = { noises, severities, indices, rng };
    const request = {
      ...chosen,
      noiseOf: drawNoises(chosen),
      signal,
      onProgress: (done: number, total: number) => {
        onProgress(name, done, total);
      },
    };
    await writeNpyRows(join(folder, fileOf(name)), [labels.data.length, ...source.shape], (put) =>
      source.fill(request, put),
    );
  }
  await writeNpy(join(folder, labelsFile), labels);
}

/** The labels may be there already when they are the same: then noises are added to an earlier set. */
async function refuseToReplace(
  folder: string,
  names: readonly string[],
  labels: NdArray<Uint8Array>,
): Promise<void> {
  const found: string[] = [];
  for (const name of names) if (await exists(join(folder, name))) found.push(name);
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
