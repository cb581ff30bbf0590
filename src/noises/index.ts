import { findEntry, type Entry } from '../core/entry.js';
import { Type, type TObject } from '../core/type.js';
import type { Noise } from './noise.js';

export type NoiseEntry = Entry<Noise>;

const source = 'Hendrycks and Dietterich 2019, as published for CIFAR-10-C and Tiny-ImageNet-C';
const noParams = Type.Object({}, { additionalProperties: false });

export const frostParams = Type.Object(
  {
    textures: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        minLength: 1,
        'x-expected': 'the path of a folder',
        description: 'A folder of PNG or JPEG photos of frost to use instead of the made textures.',
      }),
    ),
  },
  { additionalProperties: false },
);

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
  entry(
    'shot_noise',
    'Poisson noise of few photons, in every byte',
    async () => (await import('./shot-noise.js')).shotNoise,
  ),
  entry(
    'impulse_noise',
    'Salt and pepper on bytes',
    async () => (await import('./impulse-noise.js')).impulseNoise,
  ),
  entry(
    'defocus_blur',
    'Blur by an antialiased disk',
    async () => (await import('./defocus-blur.js')).defocusBlur,
  ),
  entry(
    'glass_blur',
    "Pixels that take a neighbour's colour, between two smoothings",
    async () => (await import('./glass-blur.js')).glassBlur,
  ),
  entry(
    'motion_blur',
    'A one-sided smear along a nearly horizontal line',
    async () => (await import('./motion-blur.js')).motionBlur,
  ),
  entry(
    'zoom_blur',
    'The mean of zooms into the middle',
    async () => (await import('./zoom-blur.js')).zoomBlur,
  ),
  entry('snow', 'Whitened image with streaks', async () => (await import('./snow.js')).snow),
  entry(
    'frost',
    'A picture of frost laid over the image',
    async () => (await import('./frost.js')).frost,
    frostParams,
  ),
  entry('fog', 'A cloud field mixed over the image', async () => (await import('./fog.js')).fog),
  entry('brightness', 'V of HSV raised', async () => (await import('./brightness.js')).brightness),
  entry(
    'contrast',
    'Less distance from the mean of each channel',
    async () => (await import('./contrast.js')).contrast,
  ),
  entry(
    'elastic_transform',
    'A random affine warp and smooth local shifts',
    async () => (await import('./elastic-transform.js')).elasticTransform,
  ),
  entry('pixelate', 'Fewer pixels, enlarged again', async () => (await import('./pixelate.js')).pixelate),
  entry(
    'jpeg_compression',
    'JPEG with 4:2:0 chroma',
    async () => (await import('./jpeg-compression.js')).jpegCompression,
  ),
];

/** In place of the names of all noises. */
export const allNoises = 'all';

/** The names of the asked noises, or of all, in the order of the catalogue. */
export function namesOfNoises(asked: readonly string[] = [allNoises]): string[] {
  return noises.map(({ name }) => name).filter((name) => asked.includes(allNoises) || asked.includes(name));
}

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
