import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Budget, LabelledImages, Repaired } from '../baselines/baseline.js';
import { methods, type MethodEntry } from '../baselines/index.js';
import type { Json } from '../core/canonical-json.js';
import { findEntry } from '../core/entry.js';
import { readNpy } from '../core/npy.js';
import { readSafetensors } from '../core/safetensors.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { gather } from '../nn/batch.js';
import { saveModule } from '../nn/checkpoint.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { openNetwork } from './network-file.js';
import { stageEngine } from './stage-engine.js';

type Params = {
  /** The version of the entry, so that a corrected method is run again. */
  readonly method: { readonly name: string; readonly version: number };
  /** The method's own parameters, with the SHA-256 of a file in place of its path. */
  readonly params: Readonly<Record<string, Json>>;
  /** Null for a method that adapts to D_u without labels. */
  readonly budget: Budget | null;
};

/** What `baseline.json` says. */
export type BaselineRecord = Pick<Repaired, 'samples' | 'parameters'>;

/** The whole deployed network as a compared method or a control repairs it. */
export const baseline = defineStage<Params>({
  name: 'baseline',
  summary: 'the deployed network, repaired as a whole by a compared method',
  version: 1,
  outputs: ['network.safetensors', 'baseline.json', 'history.json'],
  engine: true,
  random: true,
  kindOfWork: ['method.name'],
  run: async (context) => {
    const { input, output } = context;
    const path = input('pretrain', 'network.safetensors');
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, path);
    const { samples, parameters, history } = await repair(context, { engine, network });
    const { metadata } = await readSafetensors(path);
    await saveModule(engine, output('network.safetensors'), network, metadata);
    const record: BaselineRecord = { samples, parameters };
    await writeFile(output('baseline.json'), `${JSON.stringify(record, undefined, 1)}\n`);
    await writeFile(output('history.json'), `${JSON.stringify(history, undefined, 1)}\n`);
  },
});

async function repair(
  stage: StageContext<Params>,
  opened: { readonly engine: Engine; readonly network: Network },
): Promise<Repaired> {
  const { params, input, rng, runtime, signal, emit, checkpointDir } = stage;
  const { method, budget } = params;
  const code = await findEntry<MethodEntry>(methods, method.name).load!(); // no plan has others here
  const { memoryBytes, files } = runtime;
  const context = { ...opened, params: params.params, rng, memoryBytes, signal, emit };
  const noisy = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
  if ('adapt' in code) {
    const { data } = await readNpy<Uint32Array>(input('split', 'unlabeled.npy'));
    return code.adapt({ ...context, unlabeled: gather(noisy, data) });
  }
  const noisyLabels = (await readNpy<Uint8Array>(input('corrupt', 'label.npy'))).data;
  const places = (await readNpy<Uint32Array>(input('split', 'failures.npy'))).data;
  const failures: LabelledImages = {
    images: gather(noisy, places),
    labels: Uint8Array.from(places, (n) => noisyLabels[n]!),
  };
  const train: LabelledImages = {
    images: await readNpy<Uint8Array>(input('dataset', 'train-images.npy')),
    labels: (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data,
  };
  const checkpoint = join(checkpointDir, 'epoch.safetensors');
  return code.tune({ ...context, train, failures, budget: budget!, files, checkpoint });
}
