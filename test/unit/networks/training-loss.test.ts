import type { Scalar, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import type { Network } from '../../../src/networks/network.js';
import { augmixViews } from '../../../src/nn/augmix/views.js';
import { jensenShannon } from '../../../src/nn/jensen-shannon.js';
import { augmixLoss, type TrainingBatch } from '../../../src/networks/training-loss.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';
import { tinyNetwork } from '../../support/networks.js';

const engine = await testEngine();
const batch: TrainingBatch = {
  images: randomImages(new Rng(1, 'images'), 5, 8, 8),
  labels: Uint8Array.of(0, 1, 2, 3, 0),
  indices: Uint32Array.of(4, 2, 1),
  epoch: 7,
  step: 20,
};
const stream = new Rng(2, 'pretrain/augment/7');
const value = (scalar: Scalar) => scalar.dataSync()[0]!;

/** A tiny network that tells what went in; its answers are spread, so that their distance shows. */
function watched() {
  const network = tinyNetwork(engine, 1);
  const head: Network['head'] = {
    ...network.head,
    forward: (x, mode) => {
      const answers = network.head.forward(x, mode);
      return engine.tf.mul(engine.tf.sub(answers, engine.tf.mean(answers, 0)), 50);
    },
  };
  const [first, ...others] = network.stages;
  const seen: Tensor4D[] = [];
  const stage: typeof first = {
    ...first!,
    forward: (x, mode) => {
      seen.push(x);
      return first!.forward(x, mode);
    },
  };
  return { network: { ...network, stages: [stage, ...others], head } satisfies Network, seen };
}
const views = (mixtures: number, hasClean: boolean) => {
  const { images, indices } = batch;
  const { normalisation } = tinyNetwork(engine, 1);
  return augmixViews({ images, indices, normalisation, mixtures, hasClean, rng: stream }).data;
};

describe('augmixLoss', () => {
  it('with the Jensen-Shannon term passes three views as one batch and classifies the clean one', () => {
    const { network, seen } = watched();
    const { loss, logits, labels } = augmixLoss(engine, network, batch, new Rng(2, 'pretrain'), {
      jensenShannon: true,
      stream,
    });
    expect(seen.map(({ shape }) => shape)).toEqual([[9, 8, 8, 3]]);
    expect([...seen[0]!.dataSync()]).toEqual([...views(2, true)]);
    expect([labels, logits.shape]).toEqual([
      [0, 2, 1],
      [3, 4],
    ]);
    // The same answers once more: norms in training look at the batch alone.
    const again = watched().network;
    const all = again.head.forward(
      again.stages.reduce((map, each) => each.forward(map, training), seen[0]!),
      training,
    );
    expect([...logits.dataSync()]).toEqual([...all.dataSync()].slice(0, 12));
    const rows = logits.arraySync();
    const cross = rows.map((row, n) => {
      const sum = row.reduce((total, v) => total + Math.exp(v), 0);
      return Math.log(sum) - row[labels[n]!]!;
    });
    const distance = value(jensenShannon(engine, all, 3));
    expect(distance).toBeGreaterThan(0.01);
    expect(value(loss)).toBeCloseTo(cross.reduce((a, b) => a + b, 0) / 3 + 12 * distance, 5);
  });

  it('for a share of the batch passes the mixtures of that share behind all images', () => {
    const { network, seen } = watched();
    const { loss, logits } = augmixLoss(engine, network, batch, new Rng(2, 'pretrain'), {
      jensenShannon: true,
      share: 2 / 3,
      stream,
    });
    const whole = views(2, true);
    const row = (view: number, n: number) => [...whole.slice((3 * view + n) * 192, (3 * view + n + 1) * 192)];
    const chosen = [...stream.child('share').sample(3, 2)].sort();
    expect(seen.map(({ shape }) => shape)).toEqual([[7, 8, 8, 3]]);
    expect([...seen[0]!.dataSync()]).toEqual(
      [[0, 1, 2].map((n) => row(0, n)), chosen.map((n) => row(1, n)), chosen.map((n) => row(2, n))].flat(2),
    );
    const again = watched().network;
    const all = again.head.forward(
      again.stages.reduce((map, each) => each.forward(map, training), seen[0]!),
      training,
    );
    expect([...logits.dataSync()]).toEqual([...all.dataSync()].slice(0, 12));
    const target = engine.tf.tensor1d([0, 2, 1], 'int32');
    const rows = all.arraySync();
    const alike = engine.tf.tensor2d([...chosen.map((n) => rows[n]!), ...rows.slice(3)]);
    const expected =
      value(engine.kernels.meanCrossEntropy(logits, target)) + 12 * value(jensenShannon(engine, alike, 3));
    expect(value(loss)).toBeCloseTo(expected, 5);
  });

  it.each([1, 0.9])('a share that rounds to the whole batch is the whole (%s)', (share) => {
    const run = (given: object) => {
      const { network, seen } = watched();
      const { loss } = augmixLoss(engine, network, batch, new Rng(2, 'pretrain'), {
        jensenShannon: true,
        stream,
        ...given,
      });
      return [value(loss), [...seen[0]!.dataSync()]];
    };
    expect(run({ share })).toEqual(run({}));
  });

  it('without it classifies one mixture of each image', () => {
    const { network, seen } = watched();
    const { loss, logits, labels } = augmixLoss(engine, network, batch, new Rng(2, 'pretrain'), {
      jensenShannon: false,
      stream,
    });
    expect([...seen[0]!.dataSync()]).toEqual([...views(1, false)]);
    const target = engine.tf.tensor1d([...labels], 'int32');
    expect(value(loss)).toBe(value(engine.kernels.meanCrossEntropy(logits, target)));
  });

  it('takes the mixtures of others', () => {
    const { network, seen } = watched();
    augmixLoss(engine, network, batch, new Rng(2, 'pretrain'), {
      jensenShannon: true,
      stream,
      mix: ({ index }, _rng, out) => out.fill(index),
    });
    const all = [...seen[0]!.dataSync()];
    expect(all.slice(0, 576)).toEqual([...views(2, true)].slice(0, 576));
    expect(all.slice(576)).toEqual([4, 2, 1, 4, 2, 1].flatMap((n) => new Array<number>(192).fill(n)));
  });
});

const training = { training: true, dropout: { mask: (n: number) => new Float32Array(n).fill(1) } } as const;
