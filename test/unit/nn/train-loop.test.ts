import type { Scalar } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { formatError, StageError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import { forwardFrom } from '../../../src/networks/network.js';
import { gather, labelTensor, toTensor } from '../../../src/nn/batch.js';
import { dropoutFrom } from '../../../src/nn/dropout.js';
import { adam, sgdNesterov } from '../../../src/nn/optimizer.js';
import { disposeModule, parameter } from '../../../src/nn/parameter.js';
import { cosine } from '../../../src/nn/schedule.js';
import { trainSteps, type TrainLoop } from '../../../src/nn/train-loop.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomImages } from '../../support/images.js';
import { normalisation, tinyNetwork } from '../../support/networks.js';

const engine = await testEngine();
const { tf } = engine;

/** Gradient descent on x^2 from x = 1: every step with rate 0.25 halves x. */
function halving(more: Partial<TrainLoop> = {}) {
  const x = parameter(tf, 'x', 'as-is', [1], Float32Array.of(1));
  const optimizer = sgdNesterov(engine, [x], { momentum: 0, weightDecay: 0 });
  const loop: TrainLoop = {
    engine,
    parameters: [x],
    optimizer,
    schedule: () => 0.25,
    from: 0,
    to: 4,
    loss: () => tf.sum<Scalar>(tf.square(x.variable)),
    signal: new AbortController().signal,
    ...more,
  };
  return { x, run: () => trainSteps(loop) };
}

describe('trainSteps', () => {
  it('takes the steps, tells each, and returns the mean loss', async () => {
    const seen: [number, number][] = [];
    const { x, run } = halving({ from: 5, to: 9, onStep: (step, loss) => seen.push([step, loss]) });
    expect(await run()).toBe((1 + 1 / 4 + 1 / 16 + 1 / 64) / 4);
    expect(seen).toEqual([
      [5, 1],
      [6, 1 / 4],
      [7, 1 / 16],
      [8, 1 / 64],
    ]);
    expect(numbers(x.variable)).toEqual([1 / 16]);
  });

  it('prepares each step before its loss is built', async () => {
    const seen: string[] = [];
    const { x, run } = halving({
      from: 1,
      to: 3,
      prepare: async (step) => {
        await Promise.resolve();
        seen.push(`prepare ${step}`);
      },
      loss: (step) => {
        seen.push(`loss ${step}`);
        return tf.sum<Scalar>(tf.square(x.variable));
      },
    });
    await run();
    expect(seen).toEqual(['prepare 1', 'loss 1', 'prepare 2', 'loss 2']);
  });

  it("asks the schedule for every step's rate", async () => {
    const { x, run } = halving({ schedule: (step) => (step === 2 ? 0.25 : 0), to: 4 });
    await run();
    expect(numbers(x.variable)).toEqual([0.5]);
  });

  it('returns 0 for no steps', async () => {
    expect(await halving({ from: 3, to: 3 }).run()).toBe(0);
  });

  it('ends with the step and the rate when the loss is not finite, before the weights are touched', async () => {
    const nan = (step: number): Scalar =>
      step < 2 ? tf.sum<Scalar>(tf.square(x.variable)) : tf.sum<Scalar>(tf.log(tf.sub(x.variable, 2)));
    const { x, run } = halving({ loss: (step) => nan(step), schedule: cosine(0.25, 1e9) });
    const error: unknown = await run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StageError);
    expect(formatError(error)).toBe(
      'PN510 the loss became NaN\n' +
        '  at step 2, learning rate 0.250\n' +
        '  Lower the learning rate or check the weights that training starts from.',
    );
    expect(numbers(x.variable)).toEqual([0.25]);
  });

  it('ends when a weight is not finite after the last step, and says what is kept', async () => {
    const { run } = halving({ schedule: () => 1e39, to: 1, kept: 'Something is kept.' });
    const error: unknown = await run().catch((caught: unknown) => caught);
    expect(formatError(error)).toBe(
      'PN510 weights became infinite or NaN\n' +
        '  at step 0, learning rate 1.00e+39\n' +
        '  Lower the learning rate or check the weights that training starts from.\n' +
        '  Something is kept.',
    );
  });

  it('stops before the next step when it is cancelled, and hears of it while it runs', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5);
    let last = -1;
    const { run } = halving({ to: 1e9, signal: controller.signal, onStep: (step) => (last = step) });
    await expect(run()).rejects.toThrow('This operation was aborted');
    expect(last).toBeGreaterThanOrEqual(0);
  });
});

describe('a tiny network', () => {
  const images = randomImages(new Rng(1, 'images'), 32, 8, 8);
  const labels = Uint8Array.from({ length: 32 }, (_, n) => n % 4);

  function training(seed: number) {
    const network = tinyNetwork(engine, seed);
    const rng = new Rng(seed, 'training');
    const loss = (step: number, batch: number): Scalar => {
      const indices = Array.from({ length: batch }, (_, k) => (step * batch + k) % 32);
      const x = toTensor(engine, gather(images, indices), normalisation);
      const logits = forwardFrom(network, x, 0, {
        training: true,
        dropout: dropoutFrom(rng.child(`dropout/${step}`)),
      });
      return engine.kernels.meanCrossEntropy(
        logits,
        labelTensor(
          engine,
          indices.map((n) => labels[n]!),
        ),
      );
    };
    return { network, loss };
  }

  it('holds as many tensors and buffers after 1,000 steps as before', async () => {
    const before = tf.memory();
    const { network, loss } = training(1);
    const optimizer = sgdNesterov(engine, network.parameters, {
      momentum: 0.9,
      weightDecay: 5e-4,
      clipNorm: 5,
    });
    const counts: [number, number][] = [];
    const count = (): void => {
      const { numTensors, numDataBuffers } = tf.memory();
      counts.push([numTensors, numDataBuffers]);
    };
    count();
    await trainSteps({
      engine,
      parameters: network.parameters,
      optimizer,
      schedule: cosine(0.01, 1000),
      from: 0,
      to: 1000,
      loss: (step) => loss(step, 4),
      signal: new AbortController().signal,
      onStep: (step) => {
        if (step === 499) count();
      },
    });
    count();
    expect(counts[1]).toEqual(counts[0]);
    expect(counts[2]).toEqual(counts[0]);
    optimizer.dispose();
    disposeModule(network);
    const after = tf.memory();
    expect([after.numTensors, after.numDataBuffers]).toEqual([before.numTensors, before.numDataBuffers]);
  });

  it('learns 32 images by heart', async () => {
    const { network, loss } = training(2);
    const losses: number[] = [];
    await trainSteps({
      engine,
      parameters: network.parameters,
      optimizer: adam(engine, network.parameters),
      schedule: cosine(2e-2, 400),
      from: 0,
      to: 400,
      loss: (step) => loss(step, 32),
      signal: new AbortController().signal,
      onStep: (_step, value) => losses.push(value),
    });
    expect(losses[0]).toBeGreaterThan(1); // about log 4 for four classes
    expect(losses.at(-1)).toBeLessThan(0.05);
  });

  it('is trained to the same bits by the same seed', async () => {
    const trained = async () => {
      const { network, loss } = training(3);
      await trainSteps({
        engine,
        parameters: network.parameters,
        optimizer: adam(engine, network.parameters),
        schedule: cosine(1e-2, 10),
        from: 0,
        to: 10,
        loss: (step) => loss(step, 16),
        signal: new AbortController().signal,
      });
      return [...network.parameters, ...network.buffers].map((p) => numbers(p.variable));
    };
    const first = await trained();
    expect(await trained()).toEqual(first);
    expectClose(first.flat(), first.flat(), 0); // all finite
  });
});
