import { writeFile } from 'node:fs/promises';

import { readNpy, writeNpy, type NdArray } from '../core/npy.js';
import { writeSafetensors } from '../core/safetensors.js';
import { defineStage } from '../pipeline/stage.js';
import {
  deadStages,
  gateScores,
  gateTargets,
  trainGate,
  type GateFeatures,
  type GateTarget,
} from '../repair/gate.js';

type Params = { readonly target: GateTarget };

/**
 * Trains the gate on the samples of `localize` and scores everything that has been observed: D_t, the clean test set
 * and the environment. Sigma is no concern of this stage, so changing it keeps the gate.
 */
export const gate = defineStage<Params>({
  name: 'gate',
  summary: 'predicts the Fisher information of every stage from its probe',
  version: 1,
  outputs: ['gate.safetensors', 'scores-train.npy', 'scores-test.npy', 'scores-noisy.npy', 'gate.json'],
  engine: false,
  random: false,
  run: async ({ params, input, output, emit }) => {
    const fisher = await readNpy<Float32Array>(input('localize', 'fisher.npy'));
    const samples = (await readNpy<Uint32Array>(input('localize', 'samples.npy'))).data;
    const failures = (await readNpy<Uint32Array>(input('split', 'failures.npy'))).data.length;
    const noisy = await readNpy<Float32Array>(input('observe', 'features.npy'));
    const train = await readNpy<Float32Array>(input('observe-train', 'features.npy'));
    const test = await readNpy<Float32Array>(input('observe-test', 'features.npy'));
    const stages = fisher.shape[1]!;
    const channels = Array.from({ length: stages }, () => noisy.shape[1]! / stages);

    const learned: GateFeatures = {
      channels,
      data: concat(rowsOf(noisy, samples.subarray(0, failures)), rowsOf(train, samples.subarray(failures))),
    };
    const model = trainGate(learned, gateTargets(fisher.data, stages, params.target));
    const scoresOf = (features: NdArray<Float32Array>): Float32Array =>
      gateScores(model, { channels, data: features.data });
    const scores = { train: scoresOf(train), test: scoresOf(test), noisy: scoresOf(noisy) };
    const dead = deadStages(scores.noisy, stages);
    for (const i of dead)
      emit({
        type: 'warning',
        text: `the gate predicts 0 for stage ${i + 1} everywhere: its output ReLU died`,
      });

    for (const [name, values] of Object.entries(scores)) {
      await writeNpy(output(`scores-${name}.npy`), { shape: [values.length / stages, stages], data: values });
    }
    const tensors = new Map<string, NdArray<Float32Array>>();
    for (const [i, weights] of model.weights.entries()) {
      tensors.set(`gate${i + 1}.weight`, { shape: [1, weights.length], data: Float32Array.from(weights) });
      tensors.set(`gate${i + 1}.bias`, { shape: [1], data: Float32Array.of(model.biases[i]!) });
    }
    await writeSafetensors(output('gate.safetensors'), tensors, {});
    const parameters = channels.reduce((sum, count) => sum + count + 1, 0);
    await writeFile(
      output('gate.json'),
      `${JSON.stringify({ stages, channels, parameters, deadStages: dead })}\n`,
    );
  },
});

function rowsOf({ data, shape }: NdArray<Float32Array>, indices: Uint32Array): Float32Array {
  const width = shape[1]!;
  const out = new Float32Array(indices.length * width);
  indices.forEach((n, k) => out.set(data.subarray(n * width, (n + 1) * width), k * width));
  return out;
}

function concat(a: Float32Array, b: Float32Array): Float32Array {
  const out = new Float32Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}
