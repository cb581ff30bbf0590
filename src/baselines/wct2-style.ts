import type { Tensor4D } from '@tensorflow/tfjs';

import { readWeights } from '../core/weights-file.js';
import type { Engine } from '../engine/engine.js';
import { assignTensors } from '../nn/checkpoint.js';
import { disposeModule } from '../nn/parameter.js';
import type { Restyle } from './style-mix.js';
import { decoder, encoder, type Channels, type Wct2 } from './wct2/network.js';
import { disposeStyle, inStyle, wct2Style, type Wct2Style } from './wct2/transfer.js';

/** WCT2, with the styles that were taken by it. */
export interface Wct2Styles {
  /** @param image whose style is given to others, [height, width, 3] */
  take(image: Uint8Array, height: number, width: number): Restyle;
  dispose(): void;
}

/**
 * WCT2 with the published weights, or others in their layout.
 * @param files safetensors, or state dicts of PyTorch
 * @param channels of the levels, the published ones unless given
 * @throws {DataError} PN324 with every tensor that does not fit, and those of `readWeights`
 */
export async function openWct2(
  engine: Engine,
  files: { readonly encoder: string; readonly decoder: string },
  channels?: Channels,
): Promise<Wct2Styles> {
  const [ofEncoder, ofDecoder] = [await readWeights(files.encoder), await readWeights(files.decoder)];
  const network = { encoder: encoder(engine, channels), decoder: decoder(engine, channels) };
  const dispose = () => {
    disposeModule(network.encoder);
    disposeModule(network.decoder);
  };
  const fix =
    'Give wave_encoder_cat5_l4 of clovaai/WCT2 as the encoder and wave_decoder_cat5_l4 as the decoder.';
  try {
    assignTensors(engine, network.encoder, ofEncoder.tensors, files.encoder, fix);
    assignTensors(engine, network.decoder, ofDecoder.tensors, files.decoder, fix);
  } catch (error) {
    dispose();
    throw error;
  }
  return stylesOf(engine, network, dispose);
}

function stylesOf(engine: Engine, network: Wct2, disposeNetwork: () => void): Wct2Styles {
  const styles: Wct2Style[] = [];
  return {
    take: (image, height, width) => {
      const shape = [1, height, width, 3] as const;
      const x = unit(engine, image, shape);
      const style = wct2Style(engine, network, x);
      x.dispose();
      styles.push(style);
      return (content) =>
        engine.tf.tidy(() => bytes(inStyle(engine, network, unit(engine, content, shape), style)));
    },
    dispose: () => {
      for (const style of styles) disposeStyle(engine, style);
      disposeNetwork();
    },
  };
}

/** Bytes to [0, 1]. */
function unit({ tf }: Engine, image: Uint8Array, shape: readonly [number, number, number, number]): Tensor4D {
  return tf.tensor4d(
    Float32Array.from(image, (byte) => byte / 255),
    [...shape],
  );
}

function bytes(image: Tensor4D): Uint8Array {
  return Uint8Array.from(image.dataSync(), (value) => Math.max(0, Math.min(255, Math.round(255 * value))));
}
