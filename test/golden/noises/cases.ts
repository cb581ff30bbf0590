import { readFileSync } from 'node:fs';

import { readNpy, type NdArray, type TypedArray } from '../../../src/core/npy.js';
import type { ImageSize, Severity } from '../../../src/noises/noise.js';

export const folder = new URL('../corruptions/', import.meta.url);

/** One array of a golden file. */
export interface ArrayRef {
  readonly file: string;
  readonly slot: number;
  readonly shape: readonly number[];
}

/** One output of the reference implementation, with the draws that it used. */
export interface GoldenCase {
  readonly id: string;
  readonly name: string;
  readonly size: 32 | 64;
  readonly severity: Severity | 0;
  readonly input_name: string;
  readonly input: ArrayRef;
  readonly output: ArrayRef;
  readonly draws: Readonly<Record<string, ArrayRef | number>>;
  readonly intermediate: Readonly<Record<string, unknown>>;
  readonly tolerance: { readonly max: number; readonly frac: number; readonly mean: number };
}

/** The JSON file of that name beside the arrays. */
export function readGoldenJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
}

export const cases = (readGoldenJson('index.json') as { cases: GoldenCase[] }).cases;

const files = new Map<string, NdArray>();

/** The data of one slot. */
export async function goldenArray<A extends TypedArray>({ file, slot, shape }: ArrayRef): Promise<A> {
  let whole = files.get(file);
  if (!whole) files.set(file, (whole = await readNpy(new URL(file, folder).pathname)));
  const length = shape.reduce((a, b) => a * b, 1);
  return whole.data.subarray(slot * length, (slot + 1) * length) as A;
}

/** A case's stored draws, arrays loaded, under their stored names. */
export async function goldenDraws({ draws }: GoldenCase): Promise<Record<string, TypedArray | number>> {
  const loaded: Record<string, TypedArray | number> = {};
  for (const [name, value] of Object.entries(draws))
    loaded[name] = typeof value === 'number' ? value : await goldenArray(value);
  return loaded;
}

export function sizeOf({ size }: GoldenCase): ImageSize {
  return { height: size, width: size };
}

/** The cases of one noise. */
export function casesOf(name: string): GoldenCase[] {
  return cases.filter((candidate) => candidate.name === name);
}
