import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readNpy } from '../core/npy.js';
import { Rng } from '../core/rng.js';
import { buildAddOn, shippedCount, type AddOn } from '../environment/add-on.js';
import type { AddOnKind, Style } from '../environment/choices.js';
import type { EnvironmentModel } from '../environment/model.js';
import { stylerOf } from '../environment/style.js';
import { trainAddOn, type AddOnTraining } from '../environment/training.js';
import type { Engine } from '../engine/engine.js';
import { gather } from '../nn/batch.js';
import { loadModule, saveModule } from '../nn/checkpoint.js';
import { parameterCount } from '../nn/parameter.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { openNetwork } from './network-file.js';
import { stageEngine } from './stage-engine.js';
import { openTrueNoise, type TrueNoise } from './true-noise.js';

type Params = AddOnTraining & {
  readonly labels: 'failures' | 'none';
  readonly style: Style;
  readonly addon: AddOnKind;
  readonly rank: number;
  /** Of the environment model, which the style `swap` shares. */
  readonly edges: readonly number[];
  /** Only for the style `oracle`. */
  readonly trueNoise?: TrueNoise;
};

/** What `add-on.json` says. */
export interface AddOnRecord {
  readonly kind: AddOnKind;
  readonly rank: number;
  readonly samples: { readonly failures: number; readonly training: number; readonly unlabeled: number };
  /** What training changed, and what is sent: filters, and a scale and a shift for each channel of a norm. */
  readonly parameters: { readonly trained: number; readonly transferred: number };
}

/** Trains what stands behind the convolutions of the frozen network, on D_t in the environment's style and on D_e. */
export const addOn = defineStage<Params>({
  name: 'add-on',
  summary: 'small filters and norms for the frozen network, trained on D_t in the style of the environment',
  version: 1,
  outputs: ['add-on.safetensors', 'add-on.json', 'history.json'],
  engine: true,
  random: true,
  run: async (context) => {
    const { params, input, output, rng, emit, signal, checkpointDir } = context;
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const built = buildAddOn(engine, network, params.addon, rng.child('weights'), params.rank);
    const noisy = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
    const unlabeled = gather(noisy, (await readNpy<Uint32Array>(input('split', 'unlabeled.npy'))).data);
    const train = {
      images: await readNpy<Uint8Array>(input('dataset', 'train-images.npy')),
      labels: (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data,
    };
    const failures = params.labels === 'none' ? undefined : await failuresOf(context, noisy);
    const model =
      params.style === 'learned'
        ? (JSON.parse(await readFile(input('environment-model', 'model.json'), 'utf8')) as EnvironmentModel)
        : undefined;
    const history = await trainAddOn({
      engine,
      addOn: built,
      settings: params,
      styler: stylerOf(engine, params.style, {
        model,
        unlabeled,
        edges: params.edges,
        ...(params.trueNoise && { trueNoise: await openTrueNoise(params.trueNoise) }),
      }),
      train,
      failures,
      unlabeled,
      rng,
      checkpoint: join(checkpointDir, 'steps.safetensors'),
      signal,
      emit,
    });
    const record: AddOnRecord = {
      kind: params.addon,
      rank: params.rank,
      samples: {
        failures: failures?.labels.length ?? 0,
        training: train.labels.length,
        unlabeled: unlabeled.shape[0]!,
      },
      parameters: { trained: parameterCount(built.trained), transferred: shippedCount(built) },
    };
    await saveModule(engine, output('add-on.safetensors'), built.module);
    await writeFile(output('add-on.json'), `${JSON.stringify(record, undefined, 1)}\n`);
    await writeFile(output('history.json'), `${JSON.stringify(history, undefined, 1)}\n`);
  },
});

async function failuresOf({ input }: Pick<StageContext, 'input'>, noisy: Parameters<typeof gather>[0]) {
  const places = (await readNpy<Uint32Array>(input('split', 'failures.npy'))).data;
  const labels = (await readNpy<Uint8Array>(input('corrupt', 'label.npy'))).data;
  return {
    images: gather(noisy, places) as { readonly shape: readonly number[]; readonly data: Uint8Array },
    labels: Uint8Array.from(places, (n) => labels[n]!),
  };
}

export async function readAddOnRecord({ input }: Pick<StageContext, 'input'>): Promise<AddOnRecord> {
  return JSON.parse(await readFile(input('add-on', 'add-on.json'), 'utf8')) as AddOnRecord;
}

/** The add-on that a stage `add-on` made for the network of a stage `pretrain`. */
export async function openAddOn(engine: Engine, context: Pick<StageContext, 'input'>): Promise<AddOn> {
  const { input } = context;
  const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
  const { kind, rank } = await readAddOnRecord(context);
  const built = buildAddOn(engine, network, kind, new Rng(0, 'overwritten'), rank);
  await loadModule(engine, input('add-on', 'add-on.safetensors'), built.module);
  return built;
}
