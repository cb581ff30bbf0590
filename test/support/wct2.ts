import type { Channels, Wct2 } from '../../src/baselines/wct2/network.js';
import { decoder, encoder } from '../../src/baselines/wct2/network.js';
import type { Engine } from '../../src/engine/engine.js';
import { drawn } from './pytorch.js';

/** Gives the network the weights of scripts/wct2-golden.py; Haar's filters are what they are from the start. */
export function drawWct2Weights({ tf }: Engine, network: Wct2): void {
  for (const part of ['encoder', 'decoder'] as const)
    for (const { name, layout, variable } of network[part].parameters) {
      const axes = layout === 'conv' ? [3, 2, 0, 1] : [0];
      const shape = axes.map((axis) => variable.shape[axis]!);
      tf.tidy(() => {
        const values = tf.tensor(drawn(`${part}.${name}`, shape, -3), shape);
        variable.assign(layout === 'conv' ? tf.transpose(values, [2, 3, 1, 0]) : values);
      });
    }
}

/**
 * WCT2 of few channels whose convolutions do nothing, so that it gives every image back. As in the published weights
 * the first convolution makes values of 0 to 255, where whitening has work to do; the last one undoes it. The decoder
 * adds the unpooled bands up and takes nothing from the map that skips the pool.
 */
export function reconstructingWct2(engine: Engine): Wct2 {
  const channels: Channels = [4, 5, 6, 7];
  const network = { encoder: encoder(engine, channels), decoder: decoder(engine, channels) };
  for (const part of ['encoder', 'decoder'] as const)
    for (const { name, variable } of network[part].parameters) {
      if (variable.rank !== 4) continue; // biases are 0
      const [size, , input, output] = variable.shape as [number, number, number, number];
      const factor = name === 'conv0.weight' ? 255 : part === 'decoder' && output === 3 ? 1 / 255 : 1;
      const blocks = name.endsWith('_2.weight') && part === 'decoder' && input === 5 * output ? 4 : 1;
      const filter = new Float32Array(variable.size);
      const centre = ((size * size - 1) / 2) * input;
      for (let c = 0; c < Math.min(input, output); c++)
        for (let k = 0; k < blocks; k++) filter[(centre + k * output + c) * output + c] = factor;
      engine.tf.tidy(() => variable.assign(engine.tf.tensor(filter, variable.shape)));
    }
  return network;
}
