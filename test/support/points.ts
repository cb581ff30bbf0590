import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { readNpyRows, type NdArray } from '../../src/core/npy.js';

/** A file that scripts/sklearn-golden.py made. */
export function referencePath(file: string): string {
  return fileURLToPath(new URL(`../golden/baselines/${file}`, import.meta.url));
}

export function referenceJson(file: string): unknown {
  return JSON.parse(readFileSync(referencePath(file), 'utf8'));
}

export function pointsOf(rows: readonly (readonly number[])[]): NdArray<Float64Array> {
  return { shape: [rows.length, rows[0]!.length], data: Float64Array.from(rows.flat()) };
}

/** 100 photos as points of 3,072 numbers in [0, 1]. */
export async function photoPoints(): Promise<NdArray<Float64Array>> {
  const path = fileURLToPath(new URL('../golden/corruptions/inputs/big_32.npy', import.meta.url));
  const { data } = await readNpyRows<Uint8Array>(path, 0, 100);
  return { shape: [100, 3072], data: Float64Array.from(data, (byte) => byte / 255) };
}
