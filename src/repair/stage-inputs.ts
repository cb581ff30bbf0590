import type { Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import type { MapShape, Network } from '../networks/network.js';
import { gather, toTensor, type Images } from '../nn/batch.js';
import { inference } from '../nn/parameter.js';

/** The inputs of all stages for a batch of images [n, h, w, c]: the images themselves, then every stage's output. */
export function stageInputs(engine: Engine, network: Network, x: Tensor4D): Tensor4D[] {
  const inputs = [x];
  for (const stage of network.stages.slice(0, -1)) inputs.push(stage.forward(inputs.at(-1)!, inference));
  return inputs;
}

/** Input and output of a stage for these images. */
export function aroundStage(
  engine: Engine,
  network: Network,
  images: Images,
  stage: number,
): { input: Tensor4D; output: Tensor4D } {
  let input = toTensor(engine, images, network.normalisation);
  for (const before of network.stages.slice(0, stage)) input = before.forward(input, inference);
  return { input, output: network.stages[stage]!.forward(input, inference) };
}

/** Bytes that the inputs of all stages take for one image. */
export function stageInputBytes(network: Network): number {
  return (
    network.stages.reduce((sum, stage) => sum + sizeOf(stage.inputShape), 0) * Float32Array.BYTES_PER_ELEMENT
  );
}

export function sizeOf([height, width, channels]: MapShape): number {
  return height * width * channels;
}

/**
 * The inputs of all stages for images that are asked for again and again. The first `cached` images are passed through
 * the frozen network once; the others each time.
 */
export interface StageInputCache {
  /** @param indices rows of the images @returns in an order of its own, with `order[k]` the image of row k */
  take(indices: readonly number[]): { inputs: Tensor4D[]; order: readonly number[] };
  dispose(): void;
}

const batch = 250;

export function stageInputCache(
  engine: Engine,
  network: Network,
  images: Images,
  cached: number,
): StageInputCache {
  const { tf } = engine;
  const compute = (indices: readonly number[]): Tensor4D[] =>
    stageInputs(engine, network, toTensor(engine, gather(images, indices), network.normalisation));
  const kept = cached > 0 ? computeAll(engine, compute, cached) : undefined;
  return {
    take(indices) {
      const hits = indices.filter((i) => i < cached);
      const misses = indices.filter((i) => i >= cached);
      const inputs = tf.tidy(() => {
        const parts: Tensor4D[][] = [];
        if (kept && hits.length > 0) {
          const rows = tf.tensor1d(hits, 'int32');
          parts.push(kept.map((map) => tf.gather(map, rows)));
        }
        if (misses.length > 0) parts.push(compute(misses));
        if (parts.length === 1) return parts[0]!;
        return network.stages.map((_, i) => tf.concat<Tensor4D>(parts.map((part) => part[i]!)));
      });
      return { inputs, order: [...hits, ...misses] };
    },
    dispose: () => {
      if (kept) tf.dispose(kept);
    },
  };
}

/** Images 0 … count-1 in batches, so that only the kept maps need memory. */
function computeAll(
  engine: Engine,
  compute: (indices: readonly number[]) => Tensor4D[],
  count: number,
): Tensor4D[] {
  const { tf } = engine;
  return tf.tidy(() => {
    const parts: Tensor4D[][] = [];
    for (let from = 0; from < count; from += batch) {
      const indices = Array.from({ length: Math.min(batch, count - from) }, (_, k) => from + k);
      parts.push(tf.tidy(() => compute(indices)));
    }
    return parts[0]!.map((_, i) => tf.concat<Tensor4D>(parts.map((part) => part[i]!)));
  });
}
