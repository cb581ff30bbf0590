import { writeFile } from 'node:fs/promises';

import { readNpy } from '../core/npy.js';
import { fitModel, type ModelSettings } from '../environment/model.js';
import { measureBands } from '../environment/spectrum.js';
import { gather } from '../nn/batch.js';
import { defineStage } from '../pipeline/stage.js';
import { stageEngine } from './stage-engine.js';

type Params = ModelSettings & {
  /** How many images of D_t are measured. */
  readonly trainImages: number;
};

/** Fits how the environment changes images: to D_u and D_t, without labels and without pairs. */
export const environmentModel = defineStage<Params>({
  name: 'environment-model',
  summary: 'how the environment changes images, without labels and without clean counterparts',
  version: 1,
  outputs: ['model.json', 'history.json'],
  engine: true,
  random: true,
  run: async (context) => {
    const { params, input, output, rng, emit, signal } = context;
    const { trainImages, ...settings } = params;
    const engine = await stageEngine(context);
    const train = await readNpy<Uint8Array>(input('dataset', 'train-images.npy'));
    const images = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
    const unlabeled = (await readNpy<Uint32Array>(input('split', 'unlabeled.npy'))).data;
    const count = train.shape[0]!;
    const chosen = rng.child('train').sample(count, Math.min(count, trainImages));
    const clean = await measureBands(engine, gather(train, chosen), settings.edges);
    const noisy = await measureBands(engine, gather(images, unlabeled), settings.edges);
    const { model, losses } = await fitModel(engine, {
      clean,
      noisy,
      settings,
      rng,
      signal,
      onStep: (step) => emit({ type: 'progress', done: step + 1, total: settings.steps, unit: 'steps' }),
    });
    emit({ type: 'metric', name: 'energy distance', value: losses.at(-1)!, step: losses.length });
    await writeFile(output('model.json'), `${JSON.stringify(model)}\n`);
    await writeFile(output('history.json'), `${JSON.stringify(stretches(losses))}\n`);
  },
});

const stretch = 20;

/** The mean of every twenty steps. */
function stretches(losses: readonly number[]): { epoch: number; loss: number }[] {
  return Array.from({ length: Math.ceil(losses.length / stretch) }, (_, k) => {
    const part = losses.slice(k * stretch, (k + 1) * stretch);
    return { epoch: k + 1, loss: part.reduce((sum, loss) => sum + loss, 0) / part.length };
  });
}
