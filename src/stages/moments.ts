import { readNpy, writeNpy } from '../core/npy.js';
import { momentCount, stageMoments } from '../environment/moments.js';
import { forwardAll } from '../networks/network.js';
import { pieces, rows, toTensor } from '../nn/batch.js';
import { defineStage } from '../pipeline/stage.js';
import { openNetwork } from './network-file.js';
import { stageEngine } from './stage-engine.js';

type Params = {
  /** What is looked at: the training images, the clean test images, or an environment's noisy images. */
  readonly images: 'train' | 'test' | 'noisy';
};

const batch = 250;

/** Passes images through the frozen network once and keeps what the environment gate can see of them. */
export const moments = defineStage<Params>({
  name: 'moments',
  summary:
    "mean and deviation of every channel of the stages' outputs, and the original network's confidence",
  version: 1,
  outputs: ['moments.npy', 'confidence.npy'],
  engine: true,
  random: false,
  run: async (context) => {
    const { params, input, output, emit, signal } = context;
    const engine = await stageEngine(context);
    const { tf } = engine;
    const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
    const images = await readNpy<Uint8Array>(
      params.images === 'noisy'
        ? input('corrupt', 'images.npy')
        : input('dataset', `${params.images}-images.npy`),
    );
    const count = images.shape[0]!;
    const width = momentCount(network);
    const found = new Float32Array(count * width);
    const confidence = new Float32Array(count);
    for (const [from, to] of pieces(count, batch)) {
      signal.throwIfAborted();
      const tensors = tf.tidy(() => {
        const seen = forwardAll(network, toTensor(engine, rows(images, from, to), network.normalisation));
        return [stageMoments(engine, seen.maps), tf.max(tf.softmax(seen.logits), 1)] as const;
      });
      found.set(await tensors[0].data(), from * width);
      confidence.set(await tensors[1].data(), from);
      tf.dispose([...tensors]);
      emit({ type: 'progress', done: to, total: count, unit: 'images' });
      await new Promise(setImmediate);
    }
    await writeNpy(output('moments.npy'), { shape: [count, width], data: found });
    await writeNpy(output('confidence.npy'), { shape: [count], data: confidence });
  },
});
