import type { Rank } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { forwardAll } from '../../../src/networks/network.js';
import { disposeModule, inference } from '../../../src/nn/parameter.js';
import { numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { smallAllConvNet } from '../../support/networks.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;

describe('allconvnet', () => {
  it('has the shapes of the reference at width 1', () => {
    const network = smallAllConvNet(engine, 1, { params: { width: 1, dropout: 0.5 } });
    expect(network.stages.map((stage) => stage.outputShape)).toEqual([
      [32, 32, 96],
      [16, 16, 192],
      [10, 10, 192],
    ]);
    const { maps } = tf.tidy(() => forwardAll(network, tf.zeros<Rank.R4>([1, 32, 32, 3])));
    expect(maps.map((map) => map.shape)).toEqual([
      [1, 32, 32, 96],
      [1, 16, 16, 192],
      [1, 10, 10, 192],
    ]);
    tf.dispose(maps);
    disposeModule(network);
  });

  it.each([
    [1, 96, 192, 21, 36],
    [0.5, 48, 96, 11, 18],
    [0.25, 24, 48, 5, 9],
    [0.05, 5, 10, 4, 4],
    [2, 192, 384, 21, 36],
  ])(
    'at width %d has %i and %i channels, probes of %i and a patch of %i',
    (width, narrow, wide, probe, patch) => {
      const network = smallAllConvNet(engine, 1, { params: { width, dropout: 0.5 } });
      expect(network.stages.map((stage) => stage.outputShape[2])).toEqual([narrow, wide, wide]);
      expect([network.probeChannels, network.patchChannels]).toEqual([probe, patch]);
      disposeModule(network);
    },
  );

  it('the head sees rows and columns 0 to 7 of the last map and no others', () => {
    const network = smallAllConvNet(engine);
    const map = randomTensor<Rank.R4>(tf, new Rng(1, 'map'), [1, 10, 10, 10]);
    const logits = numbers(network.head.forward(map, inference));
    const border = tf.tensor4d(
      Float32Array.from({ length: 1000 }, (_, i) =>
        Math.floor(i / 100) > 7 || Math.floor(i / 10) % 10 > 7 ? 9 : 0,
      ),
      [1, 10, 10, 10],
    );
    expect(numbers(network.head.forward(tf.add(map, border), inference))).toEqual(logits);
    const corner = tf.tensor4d(
      Float32Array.from({ length: 1000 }, (_, i) => (Math.floor(i / 10) === 77 ? 9 : 0)),
      [1, 10, 10, 10],
    );
    expect(numbers(network.head.forward(tf.add(map, corner), inference))).not.toEqual(logits);
  });
});
