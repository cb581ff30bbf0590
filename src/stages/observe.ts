import { DataError } from '../core/errors.js';
import { readNpy, writeNpy, type NdArray } from '../core/npy.js';
import type { Engine } from '../engine/engine.js';
import { momentCount, stageMoments } from '../environment/moments.js';
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
  /** Whether features of the probes are kept, and moments of the stages with the confidence: of no compared network. */
  readonly probes: boolean;
  readonly moments: boolean;
  /** What the accuracy must be, where a person said so. */
  readonly expect: { readonly value: number; readonly within: number } | null;
};

const batch = 250;

/**
 * Passes images through the frozen network once and keeps what all gates read: its logits and its confidence, the
 * probes' pooled features, and the moments of its stages. What is not asked for is an array of no columns.
 */
export const observe = defineStage<Params>({
  name: 'observe',
  summary: "the original network's answers, its probes' features and the moments of its stages",
  version: 3,
  outputs: ['logits.npy', 'confidence.npy', 'features.npy', 'moments.npy'],
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
    const arrays = await observeAll(engine, network, probes, images, context);
    if (params.expect) {
      const labels = (await readNpy<Uint8Array>(input('dataset', `${params.images}-labels.npy`))).data;
      checkAccuracy(arrays.logits, labels, params.expect);
    }
    for (const [name, array] of Object.entries(arrays)) await writeNpy(output(`${name}.npy`), array);
  },
});

type Observed = Readonly<Record<'logits' | 'confidence' | 'features' | 'moments', NdArray<Float32Array>>>;

async function observeAll(
  engine: Engine,
  network: Network,
  probes: readonly Probe[],
  images: Images,
  { params, emit, signal }: StageContext<Params>,
): Promise<Observed> {
  const { tf } = engine;
  const count = images.shape[0]!;
  const array = (...columns: number[]): NdArray<Float32Array> => ({
    shape: [count, ...columns],
    data: new Float32Array(columns.reduce((size, width) => size * width, count)),
  });
  const observed = {
    logits: array(network.classes),
    confidence: params.moments ? array() : array(0),
    features: array(probes.reduce((sum, probe) => sum + probe.channels, 0)),
    moments: array(params.moments ? momentCount(network) : 0),
  };
  for (const [from, to] of pieces(count, batch)) {
    signal.throwIfAborted();
    const seen = tf.tidy(() => {
      const { logits, maps } = forwardAll(
        network,
        toTensor(engine, rows(images, from, to), network.normalisation),
      );
      return {
        logits,
        ...(probes.length > 0 && { features: pooledFeatures(engine, probes, maps) }),
        ...(params.moments && {
          confidence: tf.max(tf.softmax(logits), 1),
          moments: stageMoments(engine, maps),
        }),
      };
    });
    for (const [name, tensor] of Object.entries(seen)) {
      const { data } = observed[name as keyof Observed];
      data.set(await tensor.data<'float32'>(), (data.length / count) * from);
    }
    tf.dispose(seen);
    emit({ type: 'progress', done: to, total: count, unit: 'images' });
    await new Promise(setImmediate);
  }
  return observed;
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
