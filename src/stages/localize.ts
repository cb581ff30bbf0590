import { writeFile } from 'node:fs/promises';

import { readNpy, writeNpy } from '../core/npy.js';
import { gather, labelTensor, toTensor, type Images } from '../nn/batch.js';
import { predictedFromLogits } from '../nn/metrics.js';
import { defineStage } from '../pipeline/stage.js';
import { fisherInformation } from '../repair/fisher.js';
import { openNetwork } from './network-file.js';
import { openProbes } from './probe-file.js';
import { stageEngine } from './stage-engine.js';

/**
 * Fisher information of every stage for the failures of D_e and for as many normal samples: clean D_t images that the
 * network classifies rightly. Rows of `fisher.npy`: the failures, then the normals; `samples.npy` holds their indices.
 */
export const localize = defineStage<Record<string, never>>({
  name: 'localize',
  summary: 'Fisher information of every stage for failures and for normal samples',
  version: 3,
  outputs: ['fisher.npy', 'samples.npy', 'localize.json'],
  engine: true,
  random: true,
  run: async (context) => {
    const { input, output, rng, emit, signal } = context;
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const probes = await openProbes(engine, network, input('probe', 'probes.safetensors'));
    const failures = (await readNpy<Uint32Array>(input('split', 'failures.npy'))).data;
    const noisyImages = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
    const noisyLabels = (await readNpy<Uint8Array>(input('corrupt', 'label.npy'))).data;
    const trainImages = await readNpy<Uint8Array>(input('dataset', 'train-images.npy'));
    const trainLabels = (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data;
    const logits = await readNpy<Float32Array>(input('observe-train', 'logits.npy'));

    const predicted = predictedFromLogits(logits.data, logits.shape[1]!);
    const right = Array.from(trainLabels.keys()).filter((n) => predicted[n] === trainLabels[n]);
    const normals = Uint32Array.from(
      rng.child('normals').sample(right.length, Math.min(failures.length, right.length)),
      (k) => right[k]!,
    ).sort();

    const total = failures.length + normals.length;
    const measure = async (
      images: Images,
      labels: readonly number[],
      before: number,
    ): Promise<Float32Array> => {
      const x = toTensor(engine, images, network.normalisation);
      const target = labelTensor(engine, labels);
      const onSamples = (done: number): void => {
        signal.throwIfAborted();
        emit({ type: 'progress', done: before + done, total, unit: 'samples' });
      };
      const values = await fisherInformation(engine, network, probes, x, target, onSamples);
      engine.tf.dispose([x, target]);
      return values;
    };
    const ofFailures = await measure(
      gather(noisyImages, failures),
      Array.from(failures, (n) => noisyLabels[n]!),
      0,
    );
    const ofNormals = await measure(
      gather(trainImages, normals),
      Array.from(normals, (n) => trainLabels[n]!),
      failures.length,
    );

    const stages = network.stages.length;
    const fisher = new Float32Array(ofFailures.length + ofNormals.length);
    fisher.set(ofFailures);
    fisher.set(ofNormals, ofFailures.length);
    const summary = {
      failures: failures.length,
      normals: normals.length,
      meanOfFailures: columnMeans(ofFailures, stages),
      meanOfNormals: columnMeans(ofNormals, stages),
    };
    await writeNpy(output('fisher.npy'), { shape: [total, stages], data: fisher });
    await writeNpy(output('samples.npy'), {
      shape: [total],
      data: Uint32Array.from([...failures, ...normals]),
    });
    await writeFile(output('localize.json'), `${JSON.stringify(summary, undefined, 1)}\n`);
  },
});

function columnMeans(values: Float32Array, columns: number): number[] {
  const rows = values.length / columns;
  return Array.from({ length: columns }, (_, c) => {
    let sum = 0;
    for (let n = 0; n < rows; n++) sum += values[n * columns + c]!;
    return sum / rows;
  });
}
