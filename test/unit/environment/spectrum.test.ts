import { describe, expect, it } from 'vitest';

import { fourier } from '../../../src/baselines/math/fourier.js';
import { Rng } from '../../../src/core/rng.js';
import {
  bandPowers,
  bandsOf,
  fromOpponent,
  fromSpectra,
  measureBands,
  opponent,
  spectraOf,
  toOpponent,
} from '../../../src/environment/spectrum.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const edges = [0.5, 1.5, 3, 5, 8, 12];
const map = (height: number, width: number) =>
  randomTensor<never>(tf, new Rng(1, 'map'), [2, 3, height, width] as never) as ReturnType<typeof toOpponent>;

describe('spectra', () => {
  it.each([
    [8, 8],
    [6, 10],
    [5, 7],
  ])('of %i x %i are those of the direct transform, over the root of the pixels', (height, width) => {
    const x = map(height, width);
    const { real, imaginary } = spectraOf(engine, x);
    const pixels = height * width;
    const last = numbers(x).slice(-pixels);
    const direct = fourier(Float64Array.from(last), height, width);
    const turned = (values: Float64Array): number[] =>
      Array.from(
        { length: pixels },
        (_, i) => values[(i % height) * width + Math.floor(i / height)]! / Math.sqrt(pixels),
      );
    expectClose(numbers(real).slice(-pixels), turned(direct.real), 1e-5);
    expectClose(numbers(imaginary).slice(-pixels), turned(direct.imaginary), 1e-5);
  });

  it('go back to the map', () => {
    const x = map(6, 10);
    expectClose(numbers(fromSpectra(engine, spectraOf(engine, x))), numbers(x), 1e-5);
  });

  it('leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    const x = map(8, 8);
    const { real, imaginary } = spectraOf(engine, x);
    tf.dispose([x, real, imaginary]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('opponent channels', () => {
  it('are orthonormal, and go back to the image', () => {
    for (const [i, a] of opponent.entries())
      for (const [j, b] of opponent.entries())
        expect(a.reduce((sum, value, k) => sum + value * b[k]!, 0)).toBeCloseTo(i === j ? 1 : 0, 12);
    const images = randomImages(new Rng(1, 'images'), 2, 4, 6);
    const back = numbers(fromOpponent(engine, toOpponent(engine, images))).map((value) => 255 * value);
    expectClose(back, images.data, 1e-4);
  });

  it('of a grey image have brightness alone', () => {
    const x = toOpponent(engine, { shape: [1, 1, 1, 3], data: Uint8Array.of(51, 51, 51) });
    expectClose(numbers(x), [0.2 * Math.sqrt(3), 0, 0], 1e-6);
  });
});

describe('radial bands', () => {
  it('go by the distance from the constant term, in cycles per 32 pixels', () => {
    // Four pixels: 0, 8, 16 and again 8 cycles; along the diagonal 8 times the root of 2.
    expect([...bandsOf(4, 4, edges)]).toEqual([6, 4, 5, 4, 4, 4, 5, 4, 5, 5, 5, 5, 4, 4, 5, 4]);
    expect([...bandsOf(1, 64, edges)].slice(0, 4)).toEqual([6, 0, 0, 1]);
  });

  it('have power 1 for white noise, and 0 where no frequency falls in', () => {
    const x = randomTensor<never>(tf, new Rng(1, 'white'), [64, 3, 32, 32] as never) as never;
    const power = bandPowers(engine, spectraOf(engine, x), bandsOf(32, 32, edges), 6);
    const means = numbers(tf.mean(power, [0, 1]));
    for (const mean of means) expect(mean).toBeCloseTo(1, 1);
    const small = bandPowers(engine, spectraOf(engine, map(4, 4)), bandsOf(4, 4, edges), 6);
    expect(numbers(small).slice(0, 4)).toEqual([0, 0, 0, 0]);
  });

  it('are measured image by image, whatever else is in the batch', async () => {
    const images = randomImages(new Rng(2, 'images'), 3, 8, 8);
    const all = await measureBands(engine, images, edges);
    const last = await measureBands(
      engine,
      { shape: [1, 8, 8, 3], data: images.data.subarray(2 * 192) },
      edges,
    );
    expect(all.count).toBe(3);
    expectClose(all.power.subarray(2 * 18), last.power, 1e-5);
    expectClose(all.mean.subarray(2 * 3), last.mean, 1e-6);
  });
});
