import { forwardFrom, type Network } from '../networks/network.js';
import { flipAndCrop } from '../nn/augment.js';
import { labelTensor, toTensor } from '../nn/batch.js';
import type { Parameter } from '../nn/parameter.js';
import type { Repaired, TuningContext } from './baseline.js';
import { fineTune } from './fine-tune.js';

/** Only the last layer is trained; everything in front of it, norms and dropout included, is frozen. */
export function tune(context: TuningContext): Promise<Repaired> {
  const { engine, network, rng } = context;
  return fineTune(context, {
    parameters: lastLayer(network),
    movesStatistics: false,
    loss: ({ images, labels, indices, step }) => {
      const cut = flipAndCrop(images, indices, rng.child(`augment/${step}`));
      const logits = forwardFrom(network, toTensor(engine, cut, network.normalisation), 0);
      const target = Array.from(indices, (n) => labels[n]!);
      return engine.kernels.meanCrossEntropy(logits, labelTensor(engine, target));
    },
  });
}

/** Weight and bias of the fully connected layer. */
export function lastLayer({ head }: Network): readonly Parameter[] {
  const weight = head.parameters.filter(({ layout }) => layout === 'dense').at(-1)!;
  const layer = weight.name.replace(/weight$/, '');
  return head.parameters.filter(({ name }) => name.startsWith(layer));
}
