import { writeFile } from 'node:fs/promises';

import { readSafetensors } from '../core/safetensors.js';
import type { Normalisation } from '../nn/batch.js';
import { assignTensors, saveModule } from '../nn/checkpoint.js';
import { defineStage } from '../pipeline/stage.js';
import { trainClean, type CleanRecipe } from './clean-training.js';
import { buildNetwork, networkMetadata, readNormalisation, type NetworkDescription } from './network-file.js';
import { stageEngine } from './stage-engine.js';

type TrainFromScratch = CleanRecipe & { readonly kind: 'train' };
/** Weights that a person brings: known by their content; `runtime.files` says where they lie. */
type FromFile = {
  readonly kind: 'file';
  readonly sha256: string;
};
type Params = NetworkDescription & { readonly source: TrainFromScratch | FromFile };

/** PyTorch's convention of the reference recipe: bytes to [-1, 1]. */
const normalisation: Normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

/** The network that is to be repaired: trained on D_t, or taken from a file. */
export const pretrain = defineStage<Params>({
  name: 'pretrain',
  summary: 'the clean network: trained on D_t, or read from a file',
  version: 1,
  outputs: ['network.safetensors', 'history.json'],
  engine: true,
  random: true,
  run: async (context) => {
    const { source } = context.params;
    const engine = await stageEngine(context);
    if (source.kind === 'file') {
      const path = context.runtime.files[source.sha256]!;
      const { tensors, metadata } = await readSafetensors(path);
      const stored = readNormalisation(metadata, path);
      const network = await buildNetwork(engine, context.params, stored, context.rng);
      assignTensors(engine, network, tensors, path); // refuses weights that do not fit, by name and shape
      await saveModule(
        engine,
        context.output('network.safetensors'),
        network,
        networkMetadata(context.params, stored),
      );
      await writeFile(context.output('history.json'), '[]\n');
      return;
    }
    const network = await buildNetwork(engine, context.params, normalisation, context.rng.child('weights'));
    const history = await trainClean(engine, network, context, source);
    await saveModule(
      engine,
      context.output('network.safetensors'),
      network,
      networkMetadata(context.params, normalisation),
    );
    await writeFile(context.output('history.json'), `${JSON.stringify(history, undefined, 1)}\n`);
  },
});
