import { readdir } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { gather } from '../../../src/nn/batch.js';
import { frozenMaps, type FrozenMapsOptions } from '../../../src/repair/frozen-maps.js';
import { aroundStage, sizeOf } from '../../../src/repair/stage-inputs.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';
import { tinyNetwork } from '../../support/networks.js';
import { tempFolder } from '../../support/temp-folder.js';

const engine = await testEngine();
const { tf } = engine;
const network = tinyNetwork(engine);
/** More than are passed through the network at once; none of the second stage. */
const images = [300, 0, 7].map((count, i) => randomImages(new Rng(1, `images${i}`), count, 8, 8));
const bytesOf = (i: number): number => {
  const { inputShape, outputShape } = network.stages[i]!;
  return 4 * images[i]!.shape[0]! * (sizeOf(inputShape) + sizeOf(outputShape));
};

async function make(memoryBytes: number, diskBytes: number, more: Partial<FrozenMapsOptions> = {}) {
  const folder = await tempFolder();
  const seen: [number, number][] = [];
  const maps = await frozenMaps(engine, network, images, {
    memoryBytes,
    diskBytes,
    folder,
    signal: new AbortController().signal,
    onImages: (done, total) => seen.push([done, total]),
    ...more,
  });
  return { maps, seen, folder };
}

describe.each([
  ['in memory', 1e9, 0, 307],
  ['in files', 0, 1e9, 307],
  ['partly in memory and partly in files', bytesOf(2), bytesOf(0), 307],
  ['partly in memory and partly nowhere', bytesOf(2), bytesOf(0) - 1, 7],
  ['nowhere', 0, 0, 0],
])('maps kept %s', (_name, memoryBytes, diskBytes, kept) => {
  it('are those of a pass of the images that are asked for', async () => {
    const { maps, folder } = await make(memoryBytes, diskBytes);
    for (const [stage, wanted] of [
      [0, [299, 0, 251, 0]],
      [2, [6, 1]],
    ] as const) {
      const { input, output } = maps.take(stage, wanted);
      const expected = aroundStage(engine, network, gather(images[stage]!, wanted), stage);
      expect([input.shape, output.shape]).toEqual([expected.input.shape, expected.output.shape]);
      expect(numbers(input)).toEqual(numbers(expected.input));
      expect(numbers(output)).toEqual(numbers(expected.output));
    }
    maps.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it('counts the images whose maps it keeps', async () => {
    const { maps, seen } = await make(memoryBytes, diskBytes);
    expect(seen.at(-1)).toEqual(kept === 0 ? undefined : [kept, kept]);
    expect(seen.map(([done]) => done)).toEqual(kept === 307 ? [250, 300, 307] : kept === 7 ? [7] : []);
    maps.close();
  });

  it('leaves no tensors behind', async () => {
    const { numTensors } = tf.memory();
    const { maps } = await make(memoryBytes, diskBytes);
    expect(tf.memory().numTensors).toBe(numTensors);
    maps.close();
  });
});

it('stops between two pieces when it is cancelled', async () => {
  const controller = new AbortController();
  const { numTensors } = tf.memory();
  const onImages = (done: number): void => {
    if (done === 250) controller.abort();
  };
  await expect(make(0, 1e9, { signal: controller.signal, onImages })).rejects.toThrow(
    'This operation was aborted',
  );
  expect(tf.memory().numTensors).toBe(numTensors);
});
