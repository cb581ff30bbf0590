import { writeFile } from 'node:fs/promises';

import type { Tensor4D } from '@tensorflow/tfjs';

import { findEntry } from '../core/entry.js';
import { readNpy } from '../core/npy.js';
import type { Engine } from '../engine/engine.js';
import { withoutGradient } from '../engine/loss-gradients.js';
import type { Network } from '../networks/network.js';
import { gather, labelTensor, pieces, type Images } from '../nn/batch.js';
import { sgdNesterov } from '../nn/optimizer.js';
import { cosine } from '../nn/schedule.js';
import { trainSteps } from '../nn/train-loop.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { cycle } from '../nn/cycle.js';
import {
  buildHyperPatch,
  keepProbability,
  needsMuchMemory,
  type HyperPatch,
  type TaskLabels,
} from '../repair/hyper-patch.js';
import { patchParameterCount } from '../repair/patch.js';
import { stageInputBytes, stageInputCache, type StageInputCache } from '../repair/stage-inputs.js';
import { sampleStructure, type PatchStructure } from '../repair/structure.js';
import { tasks } from '../tasks/index.js';
import { makeTaskBatch, PIXELS_PER_IMAGE, type SelfSupervisedTask, type TaskBatch } from '../tasks/task.js';
import { openNetwork } from './network-file.js';
import { stageEngine } from './stage-engine.js';

type Params = {
  readonly tasks: readonly { readonly name: string; readonly version: number }[];
  readonly nodes: number;
  readonly cells: number;
  readonly opsPerEdge: 'bernoulli' | 'one';
  readonly candidates: number;
  readonly steps: number;
  readonly batch: number;
  readonly scoreSamples: number;
  readonly cacheSamples: number;
};

const learningRate = 0.025;
const scoreBatch = 128;

/**
 * Searches the structure of the patch without labels: for every self-supervised task a hyper-patch is trained on four
 * fifths of D_u, then the same random candidates are scored in each on held-out images of the last fifth. The best
 * mean over the tasks wins.
 */
export const search = defineStage<Params>({
  name: 'search',
  summary: 'the structure of the patch, by self-supervised tasks on D_u',
  version: 3,
  outputs: ['structure.json', 'search.json'],
  engine: true,
  random: true,
  run: async (context) => {
    const { params, input, output, rng } = context;
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const noisy = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
    const unlabeled = (await readNpy<Uint32Array>(input('split', 'unlabeled.npy'))).data;
    const order = Array.from(rng.child('halves').permutation(unlabeled.length), (k) => unlabeled[k]!);
    const trained = Math.floor(order.length * 0.8);
    const trainImages = gather(noisy, order.slice(0, trained));
    const scoreImages = gather(noisy, order.slice(trained, trained + params.scoreSamples));
    const candidates = Array.from({ length: params.candidates }, (_, k) =>
      sampleStructure(rng.child(`candidate/${k}`), params),
    );

    const scores: { name: string; chance: number; images: number; accuracies: number[] }[] = [];
    for (const { name } of params.tasks) {
      const task = await findEntry(tasks, name).load();
      const hyperPatch = buildHyperPatch(engine, rng.child(`${name}/weights`), network, {
        nodes: params.nodes,
        cells: params.cells,
        classes: task.classes,
        savesMemory: needsMuchMemory(network, params, params.batch),
      });
      await trainHyperPatch(engine, network, hyperPatch, task, trainImages, context);
      const { accuracies, chance } = await scoreCandidates(
        engine,
        network,
        hyperPatch,
        task,
        scoreImages,
        candidates,
        context,
      );
      hyperPatch.dispose();
      scores.push({ name, chance, images: scoreImages.shape[0]!, accuracies });
    }
    const means = candidates.map(
      (_, k) => scores.reduce((sum, task) => sum + task.accuracies[k]!, 0) / scores.length,
    );
    const chosen = means.indexOf(Math.max(...means));
    const record = {
      tasks: scores.map(({ name, chance, images }) => ({ name, chance, images })),
      chosen,
      candidates: candidates.map((structure, index) => ({
        index,
        parameters: patchParameterCount(network, structure),
        accuracies: scores.map((task) => task.accuracies[index]!),
        structure,
      })),
    };
    await writeFile(output('structure.json'), `${JSON.stringify(candidates[chosen])}\n`);
    await writeFile(output('search.json'), `${JSON.stringify(record)}\n`);
  },
});

/** SGD with Nesterov's momentum on random sub-patches; which operations are dropped is drawn anew in every step. */
async function trainHyperPatch(
  engine: Engine,
  network: Network,
  hyperPatch: HyperPatch,
  task: SelfSupervisedTask,
  images: Images,
  context: StageContext<Params>,
): Promise<void> {
  const { params, emit, signal } = context;
  const rng = context.rng.child(task.name);
  const count = images.shape[0]!;
  const transformed = makeTaskBatch(
    task,
    images,
    Array.from({ length: count }, (_, n) => n),
    rng.child('transform'),
  );
  const cache = stageInputCache(
    engine,
    network,
    transformed.images,
    cachedImages(network, count, params, context.runtime.memoryBytes),
  );
  const optimizer = sgdNesterov(engine, hyperPatch.parameters, {
    momentum: 0.9,
    weightDecay: 0,
    clipNorm: 5,
  });
  const draw = cycle(rng.child('order'), count);
  await trainSteps({
    engine,
    parameters: hyperPatch.parameters,
    optimizer,
    schedule: cosine(learningRate, params.steps),
    from: 0,
    to: params.steps,
    signal,
    loss: (step) => {
      const keep = keepProbability(step, params.steps);
      const active = sampleStructure(rng.child(`dropout/${step}`), { ...params, keep });
      const { inputs, target } = withoutGradient(engine.tf, () =>
        takeBatch(engine, cache, transformed, draw(Math.min(params.batch, count))),
      );
      return hyperPatch.loss(inputs, active, target);
    },
    onStep: (step) =>
      emit({ type: 'progress', done: step + 1, total: params.steps, unit: 'steps', label: task.name }),
  });
  optimizer.dispose();
  cache.dispose();
}

/** Held-out accuracy of every candidate with the shared weights. Each batch is passed through the network once. */
async function scoreCandidates(
  engine: Engine,
  network: Network,
  hyperPatch: HyperPatch,
  task: SelfSupervisedTask,
  images: Images,
  candidates: readonly PatchStructure[],
  context: StageContext<Params>,
) {
  const { emit, signal } = context;
  const count = images.shape[0]!;
  const transformed = makeTaskBatch(
    task,
    images,
    Array.from({ length: count }, (_, n) => n),
    context.rng.child(`${task.name}/score`),
  );
  const cache = stageInputCache(engine, network, transformed.images, 0);
  const right = new Float64Array(candidates.length);
  for (const [from, to] of pieces(count, scoreBatch)) {
    const { inputs, target } = takeBatch(
      engine,
      cache,
      transformed,
      Array.from({ length: to - from }, (_, k) => from + k),
    );
    for (const [k, candidate] of candidates.entries()) {
      signal.throwIfAborted();
      const hits = engine.tf.tidy(() =>
        engine.tf.sum(
          engine.tf.cast(
            engine.tf.equal(engine.tf.argMax(hyperPatch.logits(inputs, candidate, target), 1), target.labels),
            'float32',
          ),
        ),
      );
      right[k]! += (await hits.data())[0]!;
      hits.dispose();
      emit({
        type: 'progress',
        done: from * candidates.length + (k + 1) * (to - from),
        total: count * candidates.length,
        unit: 'scores',
        label: `${task.name}, candidates`,
      });
    }
    engine.tf.dispose([...inputs, target.labels]);
    await new Promise(setImmediate);
  }
  return {
    accuracies: Array.from(right, (hits) => hits / transformed.labels.length),
    chance: task.chance(transformed.labels),
  };
}

/** Inputs of all stages and the labels for those images, in the same order. */
function takeBatch(
  engine: Engine,
  cache: StageInputCache,
  transformed: TaskBatch,
  indices: readonly number[],
): { inputs: Tensor4D[]; target: TaskLabels } {
  const { inputs, order } = cache.take(indices);
  const perImage = transformed.positions ? PIXELS_PER_IMAGE : 1;
  const pick = (values: Int32Array): Int32Array => {
    const out = new Int32Array(order.length * perImage);
    order.forEach((n, k) => out.set(values.subarray(n * perImage, (n + 1) * perImage), k * perImage));
    return out;
  };
  const labels = labelTensor(engine, pick(transformed.labels));
  return {
    inputs,
    target: transformed.positions ? { labels, positions: pick(transformed.positions) } : { labels },
  };
}

/** How many images are worth keeping: none when no image comes twice, else what the setting and the memory allow. */
function cachedImages(
  network: Network,
  count: number,
  { steps, batch, cacheSamples }: Params,
  memoryBytes: number,
): number {
  if (steps * batch <= count) return 0;
  return Math.min(count, cacheSamples, Math.floor(memoryBytes / stageInputBytes(network)));
}
