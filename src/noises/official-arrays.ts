import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { PatchnasError } from '../core/errors.js';
import { readNpyHeader } from '../core/npy.js';
import { requireNone } from '../core/problems.js';
import { severities } from './noise.js';

/** The clean images from which the arrays were made. */
export interface CleanShape {
  readonly test: number;
  readonly height: number;
  readonly width: number;
}

/** Where arrays in the layout of CIFAR-10-C lie. */
export interface OfficialArrays {
  /** In the order of the asked noises: bytes [5 * n, height, width, 3], severity by severity. */
  readonly images: readonly string[];
  /** Bytes [5 * n]: the labels of the n test images, once for each severity. */
  readonly labels: string;
}

/**
 * Finds `NAME.npy` of each noise and `labels.npy`, and checks their headers and sizes; no image is read.
 * @throws {DataError} PN314 with everything that is missing or not what it must be
 */
export async function findOfficialArrays(
  dir: string,
  noises: readonly string[],
  { test, height, width }: CleanShape,
): Promise<OfficialArrays> {
  const rows = severities.length * test;
  const problems: string[] = [];
  for (const noise of noises)
    problems.push(...(await problemsOf(dir, `${noise}.npy`, [rows, height, width, 3])));
  problems.push(...(await problemsOf(dir, 'labels.npy', [rows])));
  requireNone(problems, {
    message: `the arrays of noisy images do not fit ${test} test images at ${severities.length} severities`,
    code: 'PN314',
    where: dir,
    fix:
      'Each must be written by numpy.save from bytes (uint8) in C order, severity by severity. Copy or make these again,\n' +
      'name the folder that holds them, or leave out the noises that are not there.',
  });
  return { images: noises.map((noise) => join(dir, `${noise}.npy`)), labels: join(dir, 'labels.npy') };
}

async function problemsOf(dir: string, name: string, wanted: readonly number[]): Promise<string[]> {
  const path = join(dir, name);
  if (!existsSync(path)) return [`${name}: missing`];
  try {
    const { descr, shape } = await readNpyHeader(path);
    if (descr !== '|u1') return [`${name}: a .npy file of type ${descr} instead of |u1 (uint8)`];
    if (shape.join() !== wanted.join())
      return [`${name}: shape (${shape.join(', ')}) instead of (${wanted.join(', ')})`];
    return [];
  } catch (error) {
    if (error instanceof PatchnasError) return [`${name}: ${error.message}`];
    throw error;
  }
}
