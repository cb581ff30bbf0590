import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { shapes } from '../../../src/datasets/shapes/dataset.js';
import { styles, type Style } from '../../../src/environment/choices.js';
import type { EnvironmentModel } from '../../../src/environment/model.js';
import { measureBands } from '../../../src/environment/spectrum.js';
import { styledBytes, stylerOf } from '../../../src/environment/style.js';
import { rows, type Images } from '../../../src/nn/batch.js';
import { corruptImages } from '../../../src/noises/corrupt.js';
import { openNoise } from '../../../src/noises/index.js';
import { openTrueNoise } from '../../../src/stages/true-noise.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';

const engine = await testEngine();
const edges = [0.5, 1.5, 3, 5, 8, 12];
const bands = (value: number): number[][] =>
  Array.from({ length: 3 }, () => new Array<number>(6).fill(value));
const nothing: EnvironmentModel = {
  edges,
  transfer: [bands(1)],
  noise: [bands(0)],
  gain: [[0, 0, 0]],
  shift: [[0, 0, 0]],
  weights: [1],
};
const { images } = (await shapes.read('', { train: 64, test: 1, seed: 1, size: 32 })).train;
const styled = (style: Style, model: EnvironmentModel, of: Images = images, unlabeled = images) =>
  styledBytes(stylerOf(engine, style, { model, unlabeled, edges, trueNoise }), of, new Rng(1, 'style'));
const trueNoise = await openTrueNoise({ noises: ['contrast', 'fog'], versions: [1, 1], severities: [2, 5] });

describe('the learned style', () => {
  it('of a model that changes nothing is the image, byte for byte, at any size', async () => {
    expect(await styled('learned', nothing)).toEqual(images);
    const odd = randomImages(new Rng(1, 'odd'), 2, 5, 7);
    expect(await styled('learned', nothing, odd)).toEqual(odd);
  });

  it('moves brightness by the shift, clips, and rounds down', async () => {
    const grey: Images = { shape: [1, 1, 1, 3], data: Uint8Array.of(100, 100, 100) };
    const moved = (by: number) =>
      styled('learned', { ...nothing, shift: [[by * Math.sqrt(3), 0, 0]] }, grey).then(({ data }) => [
        ...data,
      ]);
    expect(await moved(10.5 / 255)).toEqual([110, 110, 110]);
    expect(await moved(1)).toEqual([255, 255, 255]);
  });

  it('has the powers that the descriptors promise: H^2 P + N^2', async () => {
    const calm = { ...nothing, transfer: [bands(0.3)], noise: [bands(0.05)] };
    const before = await measureBands(engine, images, edges);
    const after = await measureBands(engine, await styled('learned', calm), edges);
    const meanOf = (values: Float32Array, place: number): number => {
      let sum = 0;
      for (let n = 0; n < 64; n++) sum += values[n * 18 + place]! / 64;
      return sum;
    };
    for (const place of [1, 2, 3, 4, 5]) {
      const promised = 0.09 * meanOf(before.power, place) + 0.0025;
      expect(Math.abs(meanOf(after.power, place) / promised - 1)).toBeLessThan(0.1);
    }
  });

  it('draws components by their weights', async () => {
    const two = {
      ...nothing,
      transfer: [bands(1), bands(0)],
      noise: [bands(0), bands(0)],
      gain: [
        [0, 0, 0],
        [-1, -1, -1],
      ],
      shift: [
        [0, 0, 0],
        [0, 0, 0],
      ],
      weights: [0.25, 0.75],
    };
    const found = await styled('learned', two);
    const black = Array.from({ length: 64 }, (_, n) =>
      rows(found, n, n + 1).data.every((value) => value === 0),
    );
    const share = black.filter(Boolean).length / 64;
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.9);
  });
});

describe.each(styles)('%s', (style) => {
  it('gives whole bytes, and the same for the same stream', async () => {
    const noisy = randomImages(new Rng(2, 'noisy'), 8, 32, 32);
    const make = () => styled(style, { ...nothing, noise: [bands(0.1)] }, rows(images, 0, 8), noisy);
    const first = await make();
    expect(first.shape).toEqual([8, 32, 32, 3]);
    expect(await make()).toEqual(first);
    const isSame = first.data.every((value, i) => value === images.data[i]);
    expect(isSame).toBe(style === 'none');
  });

  it('leaves no tensor behind', async () => {
    const before = engine.tf.memory().numTensors;
    await styled(style, nothing, rows(images, 0, 4));
    expect(engine.tf.memory().numTensors).toBe(before);
  });
});

it('the oracle makes each noise at each severity alike often, and nothing else', async () => {
  const some = rows(images, 0, 64);
  const found = await styled('oracle', nothing, some);
  const noise = await openNoise('contrast');
  const contrast = ([2, 5] as const).map((severity) =>
    corruptImages({
      noise,
      severity,
      images: some,
      indices: Array.from({ length: 64 }, (_, n) => n),
      rng: new Rng(0, 'draws nothing'),
    }),
  );
  const size = found.data.length / 64;
  const isRow = (bytes: Uint8Array, n: number): boolean =>
    bytes.subarray(n * size, (n + 1) * size).every((value, i) => value === found.data[n * size + i]);
  const counts = contrast.map(
    (bytes) => Array.from({ length: 64 }, (_, n) => n).filter((n) => isRow(bytes, n)).length,
  );
  for (const count of counts) expect(count).toSatisfy((each: number) => each >= 8 && each <= 24);
});

it('images whose partners look alike keep their statistics', async () => {
  for (const style of ['swap', 'fourier', 'mean-std'] as const) {
    const one = rows(images, 0, 1);
    const { data } = await styled(style, nothing, one, one);
    const largest = data.reduce((top, value, i) => Math.max(top, Math.abs(value - one.data[i]!)), 0);
    expect([style, largest <= 1]).toEqual([style, true]);
  }
});
