import { Type, type TObject } from 'typebox';

import { findEntry, type Entry } from '../core/entry.js';
import type { Noise } from './noise.js';

export type NoiseEntry = Entry<Noise>;

const source = 'Hendrycks and Dietterich 2019, as published for CIFAR-10-C and Tiny-ImageNet-C';
const noParams = Type.Object({}, { additionalProperties: false });

function entry(
  name: string,
  summary: string,
  load: () => Promise<Noise>,
  params: TObject = noParams,
): NoiseEntry {
  return { name, summary, source, version: 1, params, load };
}

/** The corruptions, in the order of the CIFAR-10-C publication. */
export const noises: readonly NoiseEntry[] = [
  entry(
    'gaussian_noise',
    'Normal noise in every byte',
    async () => (await import('./gaussian-noise.js')).gaussianNoise,
  ),
  entry('fog', 'A cloud field mixed over the image', async () => (await import('./fog.js')).fog),
  entry(
    'contrast',
    'Less distance from the mean of each channel',
    async () => (await import('./contrast.js')).contrast,
  ),
];

/** A noise, with its parameters set, under its name. */
export interface OpenNoise {
  readonly name: string;
  readonly noise: Noise;
}

/**
 * Loads one noise. The parameters must have passed the entry's schema.
 * @throws {RangeError} for a name that is not in the catalogue
 */
export async function openNoise(
  name: string,
  params: Readonly<Record<string, unknown>> = {},
): Promise<OpenNoise> {
  const noise = await findEntry(noises, name).load();
  return { name, noise: noise.configure ? await noise.configure(params) : noise };
}
