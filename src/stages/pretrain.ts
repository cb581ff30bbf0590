import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readNpy, type NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import { readSafetensors, writeSafetensors } from '../core/safetensors.js';
import type { Engine } from '../engine/engine.js';
import { forwardFrom, type Network } from '../networks/network.js';
import { flipAndCrop } from '../nn/augment.js';
import { labelTensor, toTensor, type Images, type Normalisation } from '../nn/batch.js';
import { assignTensors, moduleTensors, saveModule } from '../nn/checkpoint.js';
import { dropoutFrom } from '../nn/dropout.js';
import { sgdNesterov, type Optimizer } from '../nn/optimizer.js';
import { cosine } from '../nn/schedule.js';
import { trainSteps } from '../nn/train-loop.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import { buildNetwork, networkMetadata, readNormalisation, type NetworkDescription } from './network-file.js';
import { stageEngine } from './stage-engine.js';

type TrainFromScratch = {
  readonly kind: 'train';
  readonly epochs: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
};
/** Weights that a person brings: known by their content; `runtime.files` says where they lie. */
type FromFile = {
  readonly kind: 'file';
  readonly sha256: string;
};
type Params = NetworkDescription & { readonly source: TrainFromScratch | FromFile };

interface Epoch {
  readonly epoch: number;
  readonly loss: number;
}

/** PyTorch's convention of the reference recipe: bytes to [-1, 1]. */
const normalisation: Normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };

/**
 * The network that is to be repaired: trained on D_t, or taken from a file. The `standard` recipe is the published
 * one of the clean models: SGD with Nesterov's momentum 0.9, a cosine at every step from 0.1 to 1e-6, weight decay
 * 5e-4 on all parameters, batches of 128, crops from 4 pixels of padding and flips; the last epoch is kept.
 */
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

async function trainClean(
  engine: Engine,
  network: Network,
  context: StageContext<Params>,
  source: TrainFromScratch,
): Promise<Epoch[]> {
  const { signal, emit, rng } = context;
  const images = await readNpy<Uint8Array>(context.input('dataset', 'train-images.npy'));
  const labels = (await readNpy<Uint8Array>(context.input('dataset', 'train-labels.npy'))).data;
  const perEpoch = Math.max(1, Math.floor(labels.length / source.batch)); // a small set is one batch
  const steps = perEpoch * source.epochs;
  const optimizer = sgdNesterov(engine, network.parameters, {
    momentum: 0.9,
    weightDecay: source.weightDecay,
  });
  const checkpoint = join(context.checkpointDir, 'epoch.safetensors');
  const history = await resume(engine, network, optimizer, checkpoint);
  if (history.length > 0) emit({ type: 'note', text: `goes on after epoch ${history.length}` });

  for (let epoch = history.length; epoch < source.epochs; epoch++) {
    const order = rng.child(`order/${epoch}`).permutation(labels.length);
    const loss = await trainSteps({
      engine,
      parameters: network.parameters,
      optimizer,
      schedule: cosine(source.learningRate, steps, 1e-6),
      from: epoch * perEpoch,
      to: (epoch + 1) * perEpoch,
      signal,
      loss: (step) => {
        const start = (step - epoch * perEpoch) * source.batch;
        const indices = order.subarray(start, start + source.batch);
        return cleanLoss(engine, network, images, labels, indices, rng, step);
      },
      onStep: (step) =>
        emit({
          type: 'progress',
          done: step + 1,
          total: steps,
          unit: 'steps',
          label: `epoch ${epoch + 1}/${source.epochs}`,
        }),
    });
    history.push({ epoch: epoch + 1, loss });
    emit({ type: 'metric', name: 'loss', value: loss, step: epoch + 1 });
    await save(engine, network, optimizer, history, checkpoint);
  }
  optimizer.dispose();
  return history;
}

function cleanLoss(
  engine: Engine,
  network: Network,
  images: Images,
  labels: Uint8Array,
  indices: Uint32Array,
  rng: Rng,
  step: number,
) {
  const augmented = flipAndCrop(images, indices, rng.child(`augment/${step}`));
  const x = toTensor(engine, augmented, network.normalisation);
  const logits = forwardFrom(network, x, 0, {
    training: true,
    dropout: dropoutFrom(rng.child(`dropout/${step}`)),
  });
  return engine.kernels.meanCrossEntropy(
    logits,
    labelTensor(
      engine,
      Array.from(indices, (i) => labels[i]!),
    ),
  );
}

/** Weights, running statistics and the optimiser's state after an epoch: all that the next one depends on. */
async function save(
  engine: Engine,
  network: Network,
  optimizer: Optimizer,
  history: readonly Epoch[],
  path: string,
): Promise<void> {
  const tensors = await moduleTensors(engine, network);
  for (const [name, data] of await optimizer.state())
    tensors.set(`optimizer.${name}`, { shape: [data.length], data });
  await writeSafetensors(`${path}.new`, tensors, { history: JSON.stringify(history) });
  await rename(`${path}.new`, path);
}

async function resume(
  engine: Engine,
  network: Network,
  optimizer: Optimizer,
  path: string,
): Promise<Epoch[]> {
  if (!(await stat(path).catch(() => undefined))) return [];
  const { tensors, metadata } = await readSafetensors(path);
  const state = new Map<string, Float32Array>();
  const weights = new Map<string, NdArray<Float32Array>>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith('optimizer.')) state.set(name.slice('optimizer.'.length), tensor.data);
    else weights.set(name, tensor);
  }
  assignTensors(engine, network, weights, path);
  optimizer.restore(state);
  return JSON.parse(metadata['history']!) as Epoch[];
}
