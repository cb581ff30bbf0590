import { writeFile } from 'node:fs/promises';

import { readNpy, writeNpy, type NdArray } from '../core/npy.js';
import { writeSafetensors } from '../core/safetensors.js';
import { environmentScores, trainEnvironmentGate, type GateSettings } from '../environment/gate.js';
import { gather } from '../nn/batch.js';
import { defineStage } from '../pipeline/stage.js';

type Params = GateSettings & {
  /** How many images of D_t it learns from; at most half of them, the others are for the threshold. */
  readonly trainImages: number;
};

/** What `environment-gate.json` says. */
export interface EnvironmentGateRecord {
  /** Numbers to send: a weight for each feature, into which the standardisation folds, and the bias. */
  readonly parameters: number;
  /** Images of D_t and of D_u that it learned from. */
  readonly learned: { readonly train: number; readonly unlabeled: number };
}

/**
 * Learns to tell D_u from D_t and scores everything that was looked at. The threshold is no concern of this stage, so
 * another one keeps the gate; `others.npy` has the images of D_t from which it is taken.
 */
export const environmentGate = defineStage<Params>({
  name: 'environment-gate',
  summary: 'tells images of the environment from clean ones, without labels',
  version: 1,
  outputs: [
    'gate.safetensors',
    'scores-train.npy',
    'scores-test.npy',
    'scores-noisy.npy',
    'others.npy',
    'environment-gate.json',
  ],
  engine: false,
  random: true,
  run: async ({ params, input, output, rng }) => {
    const read = (role: string): Promise<NdArray<Float32Array>> =>
      readNpy<Float32Array>(input(role, 'moments.npy'));
    const train = await read('observe-train');
    const noisy = await read('observe');
    const unlabeled = (await readNpy<Uint32Array>(input('split', 'unlabeled.npy'))).data;
    const [count, width] = train.shape as [number, number];
    const used = Math.max(1, Math.min(params.trainImages, Math.floor(count / 2)));
    const order = rng.permutation(count);
    const [learned, others] = [order.slice(0, used).sort(), order.slice(used).sort()];
    const gate = trainEnvironmentGate(
      { data: gather(train, learned).data, width },
      { data: gather(noisy, unlabeled).data, width },
      params,
    );
    const seen = { train, test: await read('observe-test'), noisy };
    for (const [name, { data, shape }] of Object.entries(seen)) {
      const scores = environmentScores(gate, { data, width });
      await writeNpy(output(`scores-${name}.npy`), { shape: [shape[0]!], data: scores });
    }
    await writeNpy(output('others.npy'), { shape: [others.length], data: others });
    const vector = (values: Float64Array) => ({ shape: [values.length], data: Float32Array.from(values) });
    await writeSafetensors(
      output('gate.safetensors'),
      new Map([
        ['gate.weight', vector(gate.weights)],
        ['gate.bias', vector(Float64Array.of(gate.bias))],
        ['features.mean', vector(gate.mean)],
        ['features.deviation', vector(gate.deviation)],
      ]),
      { clamp: String(gate.clamp) },
    );
    const record: EnvironmentGateRecord = {
      parameters: width + 1,
      learned: { train: learned.length, unlabeled: unlabeled.length },
    };
    await writeFile(output('environment-gate.json'), `${JSON.stringify(record, undefined, 1)}\n`);
  },
});
