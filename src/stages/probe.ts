import { writeFile } from 'node:fs/promises';

import { readNpy } from '../core/npy.js';
import { withoutGradient } from '../engine/loss-gradients.js';
import { forwardAll } from '../networks/network.js';
import { flipAndCrop } from '../nn/augment.js';
import { labelTensor, toTensor } from '../nn/batch.js';
import { saveModule } from '../nn/checkpoint.js';
import { dropNothing } from '../nn/dropout.js';
import { sgdNesterov } from '../nn/optimizer.js';
import { joinModules, type Mode } from '../nn/parameter.js';
import { cosine } from '../nn/schedule.js';
import { trainSteps } from '../nn/train-loop.js';
import { defineStage } from '../pipeline/stage.js';
import { buildProbes } from '../repair/probe.js';
import { openNetwork } from './network-file.js';
import { stageEngine } from './stage-engine.js';

type Params = { readonly epochs: number; readonly samples: 'all' | number };

const batch = 128;

/**
 * Trains a probe on the output of every stage (Eq. 2), all of them in one pass over clean D_t; the network is frozen.
 * The recipe is that of the clean networks: SGD with Nesterov's momentum, cosine from 0.1, crops and flips.
 */
export const probe = defineStage<Params>({
  name: 'probe',
  summary: 'a small classifier on the output of every stage of the frozen network',
  version: 2,
  outputs: ['probes.safetensors', 'history.json'],
  engine: true,
  random: true,
  run: async (context) => {
    const { params, input, output, rng, emit, signal } = context;
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const probes = buildProbes(engine, rng.child('weights'), network);
    const module = joinModules(probes);
    const images = await readNpy<Uint8Array>(input('dataset', 'train-images.npy'));
    const labels = (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data;
    const count = params.samples === 'all' ? labels.length : Math.min(params.samples, labels.length);
    const used = rng.child('samples').sample(labels.length, count);
    const perEpoch = Math.max(1, Math.floor(count / batch));
    const steps = perEpoch * params.epochs;
    const optimizer = sgdNesterov(engine, module.parameters, { momentum: 0.9, weightDecay: 5e-4 });
    const training: Mode = { training: true, dropout: dropNothing };

    const history: { epoch: number; loss: number }[] = [];
    for (let epoch = 0; epoch < params.epochs; epoch++) {
      const order = rng.child(`order/${epoch}`).permutation(count);
      const loss = await trainSteps({
        engine,
        parameters: module.parameters,
        optimizer,
        schedule: cosine(0.1, steps),
        from: epoch * perEpoch,
        to: (epoch + 1) * perEpoch,
        signal,
        loss: (step) => {
          const start = (step - epoch * perEpoch) * batch;
          const indices = Array.from(order.subarray(start, start + batch), (k) => used[k]!);
          const x = toTensor(
            engine,
            flipAndCrop(images, indices, rng.child(`augment/${step}`)),
            network.normalisation,
          );
          const { maps } = withoutGradient(engine.tf, () => forwardAll(network, x));
          const target = labelTensor(
            engine,
            indices.map((i) => labels[i]!),
          );
          const losses = probes.map((p, i) =>
            engine.kernels.meanCrossEntropy(p.classify(p.features(maps[i]!, training), training), target),
          );
          return engine.kernels.sum(losses);
        },
        onStep: (step) =>
          emit({
            type: 'progress',
            done: step + 1,
            total: steps,
            unit: 'steps',
            label: `epoch ${epoch + 1}/${params.epochs}`,
          }),
      });
      history.push({ epoch: epoch + 1, loss });
      emit({ type: 'metric', name: 'loss', value: loss, step: epoch + 1 });
    }
    optimizer.dispose();
    await saveModule(engine, output('probes.safetensors'), module);
    await writeFile(output('history.json'), `${JSON.stringify(history, undefined, 1)}\n`);
  },
});
