import type { Tensor4D } from '@tensorflow/tfjs';

import { rowsInFile, rowsInMemory, type RowStore } from '../core/row-store.js';
import type { Engine } from '../engine/engine.js';
import type { MapShape, Network } from '../networks/network.js';
import { gather, pieces, rows, type Images } from '../nn/batch.js';
import { aroundStage, sizeOf } from './stage-inputs.js';

/** The frozen network's maps around its stages, for images that are asked for again and again. */
export interface FrozenMaps {
  /** Input and output of that stage for rows of its images. */
  take(stage: number, rows: readonly number[]): { input: Tensor4D; output: Tensor4D };
  close(): void;
}

export interface FrozenMapsOptions {
  /** Bytes that maps may take in memory. */
  readonly memoryBytes: number;
  /** Where maps go that have no room there, into files without names, and how many bytes of them. */
  readonly folder: string;
  readonly diskBytes: number;
  readonly signal: AbortSignal;
  /** How many images have been passed through the network, of those whose maps are kept. */
  readonly onImages: (done: number, total: number) => void;
}

/** Images that are passed through the network at once. */
const batch = 250;

/**
 * Passes the images through the network once and keeps the maps, of one stage after the other: in memory as long as it
 * has room for all maps of that stage, then on the disk. The images of a stage that has no room there either pass
 * through the network each time that they are asked for. Nothing is kept inside of TensorFlow, which would need it twice
 * while it is put together.
 * @param images [n, h, w, c], of each stage its own
 */
export async function frozenMaps(
  engine: Engine,
  network: Network,
  images: readonly Images[],
  { memoryBytes, folder, diskBytes, signal, onImages }: FrozenMapsOptions,
): Promise<FrozenMaps> {
  const places = keptWhere(network, images, memoryBytes, diskBytes);
  const total = images.reduce((sum, { shape }, i) => sum + (places[i] === 'nowhere' ? 0 : shape[0]!), 0);
  const stores: StageStore[] = [];
  const close = (): void => {
    for (const { input, output } of stores.splice(0)) [input, output].forEach((side) => side?.close());
  };
  try {
    let done = 0;
    for (const [i, place] of places.entries()) {
      const count = images[i]!.shape[0]!;
      const { inputShape, outputShape } = network.stages[i]!;
      const room = (shape: MapShape): RowStore =>
        place === 'file' ? rowsInFile(folder, sizeOf(shape)) : rowsInMemory(count, sizeOf(shape));
      const store: StageStore = {};
      stores.push(store);
      if (place === 'nowhere') continue;
      store.input = room(inputShape);
      store.output = room(outputShape);
      for (const [from, to] of pieces(count, batch)) {
        signal.throwIfAborted();
        const maps = engine.tf.tidy(() => ({
          ...aroundStage(engine, network, rows(images[i]!, from, to), i),
        }));
        store.input.put(from, await maps.input.data<'float32'>());
        store.output.put(from, await maps.output.data<'float32'>());
        engine.tf.dispose(maps);
        done += to - from;
        onImages(done, total);
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    take: (stage, wanted) => {
      const { input, output } = stores[stage]!;
      if (!input || !output) return aroundStage(engine, network, gather(images[stage]!, wanted), stage);
      const { inputShape, outputShape } = network.stages[stage]!;
      return {
        input: engine.tf.tensor4d(input.take(wanted), [wanted.length, ...inputShape]),
        output: engine.tf.tensor4d(output.take(wanted), [wanted.length, ...outputShape]),
      };
    },
    close,
  };
}

/** Nothing where the maps of a stage are not kept. */
interface StageStore {
  input?: RowStore;
  output?: RowStore;
}

function keptWhere(
  network: Network,
  images: readonly Images[],
  memoryBytes: number,
  diskBytes: number,
): ('memory' | 'file' | 'nowhere')[] {
  const left = { memory: memoryBytes, file: diskBytes };
  return images.map(({ shape }, i) => {
    const { inputShape, outputShape } = network.stages[i]!;
    const bytes = shape[0]! * (sizeOf(inputShape) + sizeOf(outputShape)) * Float32Array.BYTES_PER_ELEMENT;
    const place = (['memory', 'file'] as const).find((kind) => bytes <= left[kind]);
    if (place) left[place] -= bytes;
    return place ?? 'nowhere';
  });
}
