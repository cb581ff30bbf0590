import { fileURLToPath } from 'node:url';

import type { Tensor4D } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { decoder, encoder, type Level, type Skip } from '../../../../src/baselines/wct2/network.js';
import { disposeStyle, inStyle, wct2Style } from '../../../../src/baselines/wct2/transfer.js';
import { readSafetensors } from '../../../../src/core/safetensors.js';
import { disposeModule } from '../../../../src/nn/parameter.js';
import { numbers } from '../../../support/arrays.js';
import { testEngine } from '../../../support/engine.js';
import { difference, drawnImages, summary } from '../../../support/pytorch.js';
import { drawWct2Weights } from '../../../support/wct2.js';

/** A file of scripts/wct2-golden.py, made by PyTorch in float64 from the same weights and images. */
const file = fileURLToPath(new URL('../../../golden/pytorch/wct2.safetensors', import.meta.url));
const { tensors: expected } = await readSafetensors(file);
const engine = await testEngine();
const { tf } = engine;
const samples = 200;
/** Of the second image the channels are weakened by so much. */
const weakened = [0.75, 0.25, 0.125];

const network = { encoder: encoder(engine), decoder: decoder(engine) };
beforeAll(() => {
  drawWct2Weights(engine, network);
});
afterAll(() => {
  disposeModule(network.encoder);
  disposeModule(network.decoder);
});

const images = drawnImages(2, 32);
function image(n: number, factors: readonly number[]): Tensor4D {
  const bytes = images.data.subarray(n * 32 * 32 * 3, (n + 1) * 32 * 32 * 3);
  const values = Float32Array.from(bytes, (byte, i) => (byte / 255) * factors[i % 3]!);
  return tf.tensor4d(values, [1, 32, 32, 3]);
}

/** Largest difference from PyTorch's array of that name, relative to the largest value of it or of another. */
function distance(name: string, found: Tensor4D, scaleOf = name): number {
  const data = Float32Array.from(numbers(tf.transpose(found, [0, 3, 1, 2])));
  const scale = expected
    .get(scaleOf)!
    .data.subarray(0, samples)
    .reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return difference(summary(data, samples), expected.get(name)!.data, data.length, scale);
}

describe.each([
  { name: 'WCT2 at its published width beside PyTorch', prefix: '', factor: 1 },
  { name: 'WCT2 beside PyTorch with images 255 times as strong', prefix: 'large.', factor: 255 },
])('$name', ({ prefix, factor }) => {
  const content = image(0, [factor, factor, factor]);

  it('has the same outputs and bands of the encoder and outputs of the decoder, within 5e-6', () => {
    const found = new Map<string, number>();
    const note = (name: string, map: Tensor4D, scaleOf = name) =>
      found.set(name, distance(prefix + name, map, prefix + scaleOf));
    tf.tidy(() => {
      const skips = new Map<Level, Skip | undefined>();
      let x = content;
      for (const level of [1, 2, 3, 4] as const) {
        const { x: next, skip } = network.encoder.encode(x, level);
        // Bands are small differences of a large map.
        skip?.high.forEach((band, k) =>
          note(`${['LH', 'HL', 'HH'][k]!}${level}`, band, `encoded${level - 1}`),
        );
        skips.set(level, skip);
        x = next;
        note(`encoded${level}`, x);
      }
      for (const level of [4, 3, 2, 1] as const) {
        x = network.decoder.decode(x, level, skips.get(level));
        note(level === 1 ? 'plain' : `decoded${level - 1}`, x);
      }
    });
    expect(found.size).toBe(4 + 9 + 4);
    expect([...found].filter(([, value]) => !(value < 5e-6))).toEqual([]);
  });

  it('gives an image the style of another, within 1e-5 of the largest value', () => {
    const style = wct2Style(
      engine,
      network,
      image(
        1,
        weakened.map((each) => each * factor),
      ),
    );
    expect(distance(`${prefix}styled`, inStyle(engine, network, content, style))).toBeLessThan(1e-5);
    disposeStyle(engine, style);
  });
});
