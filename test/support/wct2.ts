import type { Channels, Wct2 } from '../../src/baselines/wct2/network.js';
import { decoder, encoder } from '../../src/baselines/wct2/network.js';
import type { NdArray } from '../../src/core/npy.js';
import { writeSafetensors } from '../../src/core/safetensors.js';
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

/**
 * Names and shapes of the published weights, wave_encoder_cat5_l4.pth and wave_decoder_cat5_l4.pth, as clovaai/WCT2
 * declares its layers; written down here apart from the network.
 */
export function publishedLayout(part: 'encoder' | 'decoder'): Map<string, readonly number[]> {
  const convolutions = {
    encoder: {
      ...{ conv0: [3, 3], conv1_1: [64, 3], conv1_2: [64, 64], conv2_1: [128, 64], conv2_2: [128, 128] },
      ...{ conv3_1: [256, 128], conv3_2: [256, 256], conv3_3: [256, 256], conv3_4: [256, 256] },
      conv4_1: [512, 256],
    },
    decoder: {
      ...{ conv4_1: [256, 512], conv3_4_2: [256, 1280], conv3_3: [256, 256], conv3_2: [256, 256] },
      ...{ conv3_1: [128, 256], conv2_2_2: [128, 640], conv2_1: [64, 128], conv1_2_2: [64, 320] },
      conv1_1: [3, 64],
    },
  }[part];
  const pools = part === 'encoder' ? 'pool' : 'recon_block';
  const layout = new Map<string, readonly number[]>();
  for (const [name, [output, input]] of Object.entries(convolutions) as [string, [number, number]][]) {
    const size = name === 'conv0' ? 1 : 3;
    layout.set(`${name}.weight`, [output, input, size, size]).set(`${name}.bias`, [output]);
  }
  for (const [k, channels] of [64, 128, 256].entries())
    for (const band of Object.keys(haar)) layout.set(`${pools}${k + 1}.${band}.weight`, [channels, 1, 2, 2]);
  return layout;
}

const haar = { LL: [1, 1, 1, 1], LH: [-1, 1, -1, 1], HL: [-1, -1, 1, 1], HH: [1, -1, -1, 1] };

/** Random weights in the published layout, Haar's filters as they are there. */
export function randomPublished(part: 'encoder' | 'decoder'): Map<string, NdArray<Float32Array>> {
  return new Map(
    [...publishedLayout(part)].map(([name, shape]) => {
      const band = Object.entries(haar).find(([band]) => name.endsWith(`.${band}.weight`))?.[1];
      const data = band
        ? Float32Array.from({ length: shape[0]! * 4 }, (_, i) => band[i % 4]! / 2)
        : drawn(`${part}.${name}`, shape, 0);
      return [name, { shape, data }];
    }),
  );
}

/** Writes both files into a folder. */
export async function writeRandomWct2(folder: string): Promise<void> {
  for (const part of ['encoder', 'decoder'] as const)
    await writeSafetensors(`${folder}/${part}.safetensors`, randomPublished(part), {});
}
