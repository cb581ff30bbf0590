import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { forwardAll } from '../../../src/networks/network.js';
import { gather, toTensor } from '../../../src/nn/batch.js';
import {
  aroundStage,
  sizeOf,
  stageInputBytes,
  stageInputCache,
  stageInputs,
} from '../../../src/repair/stage-inputs.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';
import { tinyNetwork } from '../../support/networks.js';

const engine = await testEngine();
const { tf } = engine;
const network = tinyNetwork(engine);
const images = randomImages(new Rng(1, 'images'), 12, 8, 8);
const tensorOf = (indices: readonly number[]) =>
  toTensor(engine, gather(images, indices), network.normalisation);

it('the inputs of the stages are the images and all outputs but the last', () => {
  const x = tensorOf([0, 1, 2]);
  const { maps } = forwardAll(network, x);
  expect(stageInputs(engine, network, x).map(numbers)).toEqual([x, maps[0]!, maps[1]!].map(numbers));
});

it.each([0, 1, 2])('aroundStage gives the maps before and after stage %i', (stage) => {
  const x = tensorOf([2, 5]);
  const { maps } = forwardAll(network, x);
  const { input, output } = aroundStage(engine, network, gather(images, [2, 5]), stage);
  expect(numbers(input)).toEqual(numbers(stage === 0 ? x : maps[stage - 1]!));
  expect(numbers(output)).toEqual(numbers(maps[stage]!));
});

it('counts the bytes of one image', () => {
  expect(sizeOf([4, 4, 5])).toBe(80);
  expect(stageInputBytes(network)).toBe(4 * (8 * 8 * 3 + 8 * 8 * 4 + 4 * 4 * 5));
});

describe('the cache', () => {
  it.each([0, 5, 12])('of %i images gives what a pass gives, in the order that it says', (cached) => {
    const cache = stageInputCache(engine, network, images, cached);
    for (const indices of [[0, 1], [11, 3, 7, 3], [9]]) {
      const { inputs, order } = cache.take(indices);
      expect([...order].sort()).toEqual([...indices].sort());
      const expected = stageInputs(engine, network, tensorOf(order));
      inputs.forEach((input, i) => {
        expect(input.shape).toEqual(expected[i]!.shape);
        expectClose(numbers(input), numbers(expected[i]!), 1e-5);
      });
    }
    cache.dispose();
  });

  it('keeps one map a stage, and gives them back', () => {
    const before = tf.memory().numTensors;
    const cache = stageInputCache(engine, network, images, 5);
    expect(tf.memory().numTensors).toBe(before + 3);
    const { inputs } = cache.take([1, 10]);
    expect(tf.memory().numTensors).toBe(before + 6);
    tf.dispose(inputs);
    cache.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
