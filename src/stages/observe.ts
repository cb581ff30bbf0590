import { DataError } from '../core/errors.js';
import { readNpy, writeNpy, type NdArray } from '../core/npy.js';
import type { Engine } from '../engine/engine.js';
import { forwardAll, type Network } from '../networks/network.js';
import { pieces, rows, toTensor, type Images } from '../nn/batch.js';
import { predictedFromLogits } from '../nn/metrics.js';
import { defineStage, type StageContext } from '../pipeline/stage.js';
import type { Probe } from '../repair/probe.js';
import { pooledFeatures } from '../repair/repaired-network.js';
import { openNetwork } from './network-file.js';
import { openProbes } from './probe-file.js';
import { stageEngine } from './stage-engine.js';

type Params = {
  /** What is observed: the training images, the clean test images, or an environment's noisy images. */
  readonly images: 'train' | 'test' | 'noisy';
  /** Without probes only the answers are kept, as for a network that is only compared. */
  readonly probes: boolean;
  /** What the accuracy must be, where a person said so. */
  readonly expect: { readonly value: number; readonly within: number } | null;
};

const batch = 250;

/** Passes images through the frozen network once and keeps its logits and the probes' pooled features. */
export const observe = defineStage<Params>({
  name: 'observe',
  summary: "the original network's answers and its probes' features",
  version: 2,
  outputs: ['logits.npy', 'features.npy'],
  engine: true,
  random: false,
  run: async (context) => {
    const { params, input, output } = context;
    const engine = await stageEngine(context);
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const probes = params.probes
      ? await openProbes(engine, network, input('probe', 'probes.safetensors'))
      : [];
    const images = await readNpy<Uint8Array>(
      params.images === 'noisy'
        ? input('corrupt', 'images.npy')
        : input('dataset', `${params.images}-images.npy`),
    );
    const { logits, features } = await observeAll(engine, network, probes, images, context);
    if (params.expect) {
      const labels = (await readNpy<Uint8Array>(input('dataset', `${params.images}-labels.npy`))).data;
      checkAccuracy(logits, labels, params.expect);
    }
    await writeNpy(output('logits.npy'), logits);
    await writeNpy(output('features.npy'), features);
  },
});

interface Observed {
  readonly logits: NdArray<Float32Array>;
  readonly features: NdArray<Float32Array>;
}

async function observeAll(
  engine: Engine,
  network: Network,
  probes: readonly Probe[],
  images: Images,
  { emit, signal }: Pick<StageContext, 'emit' | 'signal'>,
): Promise<Observed> {
  const { tf } = engine;
  const count = images.shape[0]!;
  const width = probes.reduce((sum, probe) => sum + probe.channels, 0);
  const logits = new Float32Array(count * network.classes);
  const features = new Float32Array(count * width);
  for (const [from, to] of pieces(count, batch)) {
    signal.throwIfAborted();
    const [answers, pooled] = tf.tidy(() => {
      const seen = forwardAll(network, toTensor(engine, rows(images, from, to), network.normalisation));
      return width > 0 ? [seen.logits, pooledFeatures(engine, probes, seen.maps)] : [seen.logits];
    });
    logits.set(await answers.data(), from * network.classes);
    if (pooled) features.set(await pooled.data(), from * width);
    tf.dispose([answers, ...(pooled ? [pooled] : [])]);
    emit({ type: 'progress', done: to, total: count, unit: 'images' });
    await new Promise(setImmediate);
  }
  return {
    logits: { shape: [count, network.classes], data: logits },
    features: { shape: [count, width], data: features },
  };
}

function checkAccuracy(
  { data, shape }: NdArray<Float32Array>,
  labels: Uint8Array,
  expect: { readonly value: number; readonly within: number },
): void {
  const right = predictedFromLogits(data, shape[1]!).reduce(
    (sum, predicted, n) => sum + (predicted === labels[n] ? 1 : 0),
    0,
  );
  const accuracy = right / labels.length;
  if (Math.abs(accuracy - expect.value) <= expect.within) return;
  throw new DataError(
    `the network's clean accuracy is ${accuracy.toFixed(4)}, expected ${expect.value} within ${expect.within}`,
    {
      code: 'PN326',
      fix: 'Check that weights, width and normalisation belong together, or correct network.expect.cleanAccuracy.',
    },
  );
}
