import { writeFile } from 'node:fs/promises';

import type { Engine } from '../engine/engine.js';
import { readNpy, writeNpy } from '../core/npy.js';
import { fitModel, type EnvironmentModel, type ModelSettings } from '../environment/model.js';
import { measureBands } from '../environment/spectrum.js';
import { styledBytes, stylerOf } from '../environment/style.js';
import { gather, type Images } from '../nn/batch.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { stageEngine } from './stage-engine.js';

type Params = ModelSettings & {
  /** How many images of D_t are measured. */
  readonly trainImages: number;
};

/** Fits how the environment changes images: to D_u and D_t, without labels and without pairs. */
export const environmentModel = defineStage<Params>({
  name: 'environment-model',
  summary: 'how the environment changes images, without labels and without clean counterparts',
  version: 2,
  outputs: ['model.json', 'history.json', 'looks.npy', 'looks.json'],
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
    await writeLooks(context, engine, model, { train, images, unlabeled });
  },
});

/** What `looks.json` says of `looks.npy`, [3, n, height, width, 3]: clean images, the same by the model, noisy ones. */
export interface LooksRecord {
  readonly severity: readonly number[];
  /** Whether the noisy images are the clean ones with noise: not where a person brings other pictures. */
  readonly isPaired: boolean;
}

const shown = 8;

/** Some images of D_u beside what the model makes of their clean counterparts. For people: nothing learns from it. */
async function writeLooks(
  { input, output, rng }: Pick<StageContext, 'input' | 'output' | 'rng'>,
  engine: Engine,
  model: EnvironmentModel,
  { train, images, unlabeled }: { train: Images; images: Images; unlabeled: Uint32Array },
): Promise<void> {
  const stream = rng.child('looks');
  const places = stream.sample(unlabeled.length, Math.min(shown, unlabeled.length)).sort();
  const rowsShown = Array.from(places, (k) => unlabeled[k]!);
  const baseImage = (await readNpy<Uint32Array>(input('corrupt', 'base-image.npy'))).data;
  const severity = (await readNpy<Uint8Array>(input('corrupt', 'severity.npy'))).data;
  const test = await readNpy<Uint8Array>(input('dataset', 'test-images.npy'));
  const isPaired = rowsShown.every((n) => baseImage[n]! < test.shape[0]!);
  const clean = isPaired
    ? gather(
        test,
        rowsShown.map((n) => baseImage[n]!),
      )
    : gather(train, stream.child('train').sample(train.shape[0]!, rowsShown.length));
  const styler = stylerOf(engine, 'learned', { model, unlabeled: images, edges: model.edges });
  const styled = await styledBytes(styler, clean, stream.child('style'));
  const noisy = gather(images, rowsShown);
  const data = Uint8Array.from([...clean.data, ...styled.data, ...noisy.data]);
  await writeNpy(output('looks.npy'), { shape: [3, ...clean.shape], data });
  const record: LooksRecord = { severity: rowsShown.map((n) => severity[n]!), isPaired };
  await writeFile(output('looks.json'), `${JSON.stringify(record)}\n`);
}

const stretch = 20;

/** The mean of every twenty steps. */
function stretches(losses: readonly number[]): { epoch: number; loss: number }[] {
  return Array.from({ length: Math.ceil(losses.length / stretch) }, (_, k) => {
    const part = losses.slice(k * stretch, (k + 1) * stretch);
    return { epoch: k + 1, loss: part.reduce((sum, loss) => sum + loss, 0) / part.length };
  });
}
