import type { Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { disposeStyle, inStyle, wct2Style } from '../../../../src/baselines/wct2/transfer.js';
import { Rng } from '../../../../src/core/rng.js';
import { expectClose, numbers } from '../../../support/arrays.js';
import { testEngine } from '../../../support/engine.js';
import { reconstructingWct2 } from '../../../support/wct2.js';

const engine = await testEngine();
const { tf } = engine;
const network = reconstructingWct2(engine);

/** An image of noise around a colour, from 0 to 1. */
function image(name: string, colour: readonly number[], spread: number, size = 16): Tensor4D {
  const rng = new Rng(1, name);
  const values = Float32Array.from({ length: size * size * 3 }, (_, i) =>
    rng.uniform(colour[i % 3]! - spread, colour[i % 3]! + spread),
  );
  return tf.tensor4d(values, [1, size, size, 3]);
}

function styled(content: Tensor4D, from: Tensor4D): Tensor4D {
  const style = wct2Style(engine, network, from);
  const out = inStyle(engine, network, content, style);
  disposeStyle(engine, style);
  return out;
}

describe('inStyle, by weights that carry an image through all levels unchanged', () => {
  const content = image('content', [0.5, 0.4, 0.6], 0.4);
  const dark = image('dark', [0.3, 0.3, 0.2], 0.1);

  it('leaves an image in its own style as it is', () => {
    expectClose(numbers(styled(content, content)), numbers(content), 1e-4);
  });

  it('gives an image the mean colour of the style, and its contrast', () => {
    const moments = (x: Tensor4D) => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      return { mean: numbers(mean), deviation: numbers(tf.sqrt(variance)) };
    };
    const [found, wanted] = [moments(styled(content, dark)), moments(dark)];
    expectClose(found.mean, wanted.mean, 2e-3);
    expectClose(found.deviation, wanted.deviation, 2e-3);
  });

  it('keeps what is where: the other image lends no shapes', () => {
    const out = numbers(styled(content, dark));
    const correlation = (other: Tensor4D) => {
      const [a, b] = [out, numbers(other)].map((values) => values.filter((_, i) => i % 3 === 0));
      const mean = (values: number[]) => values.reduce((x, y) => x + y, 0) / values.length;
      const centred = [a!, b!].map((values) => values.map((value) => value - mean(values)));
      const product = (x: number[], y: number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
      const [p, q] = centred as [number[], number[]];
      return product(p, q) / Math.sqrt(product(p, p) * product(q, q));
    };
    expect(correlation(content)).toBeGreaterThan(0.95);
    expect(Math.abs(correlation(dark))).toBeLessThan(0.2);
  });

  it('keeps no tensors but its result', () => {
    const before = tf.memory().numTensors;
    styled(content, dark).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses sizes that the network cannot halve three times', () => {
    expect(() => wct2Style(engine, network, image('x', [0.5, 0.5, 0.5], 0.1, 20))).toThrow(
      new RangeError('wct2: height and width must be multiples of 8 and at least 16 but are 20 and 20'),
    );
    expect(() => wct2Style(engine, network, image('x', [0.5, 0.5, 0.5], 0.1, 8))).toThrow(RangeError);
  });
});
