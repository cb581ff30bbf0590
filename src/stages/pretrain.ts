import { writeFile } from 'node:fs/promises';

import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import type { Normalisation } from '../nn/batch.js';
import { saveModule } from '../nn/checkpoint.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { trainClean, type CleanRecipe, type Epoch } from './clean-training.js';
import { importWeights, type FromFile } from './import-weights.js';
import { buildNetwork, networkMetadata, type NetworkDescription } from './network-file.js';
import { stageEngine } from './stage-engine.js';

type TrainFromScratch = CleanRecipe & { readonly kind: 'train' };
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
  kindOfWork: ['source.kind'],
  run: async (context) => {
    const { params, output } = context;
    const engine = await stageEngine(context);
    const { network, history } =
      params.source.kind === 'file'
        ? { network: await importWeights(engine, params, params.source, context), history: [] }
        : await trainNew(engine, params, params.source, context);
    const metadata = networkMetadata(params, network.normalisation);
    await saveModule(engine, output('network.safetensors'), network, metadata);
    await writeFile(output('history.json'), `${JSON.stringify(history, undefined, 1)}\n`);
  },
});

async function trainNew(
  engine: Engine,
  description: NetworkDescription,
  recipe: CleanRecipe,
  context: StageContext<Params>,
): Promise<{ network: Network; history: readonly Epoch[] }> {
  const network = await buildNetwork(engine, description, normalisation, context.rng.child('weights'));
  return { network, history: await trainClean(engine, network, context, recipe) };
}
