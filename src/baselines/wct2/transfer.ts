import type { Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../../engine/engine.js';
import type { Level, Skip, Wct2 } from './network.js';
import { colouring, recoloured, type Colouring } from './whitening.js';

/**
 * What an image hands on to others as its style: the colouring of its own features at every point of transfer. These
 * are the outputs of the encoder's four levels and of the decoder's but the last, at full strength; the bands that
 * skip the deeper levels stay the content's. So does DeepRepair's code: WCT2/transfer.py makes its network with
 * transfer_at={'decoder', 'encoder'}, option cat5, and calls it with alpha=1.
 */
export interface Wct2Style {
  readonly encoder: ReadonlyMap<Level, Colouring>;
  readonly decoder: ReadonlyMap<Level, Colouring>;
}

const downwards = [1, 2, 3, 4] as const;
const upwards = [4, 3, 2, 1] as const;

/** @param image [1, h, w, 3] from 0 to 1; the tensors of the style are the caller's (`disposeStyle`) */
export function wct2Style(engine: Engine, network: Wct2, image: Tensor4D): Wct2Style {
  const encoder = new Map<Level, Colouring>();
  const decoder = new Map<Level, Colouring>();
  engine.tf.tidy(() => {
    const keep = (at: Map<Level, Colouring>) => (x: Tensor4D, level: Level) => {
      const { mean, root } = colouring(engine, x);
      at.set(level, { mean: engine.tf.keep(mean), root: engine.tf.keep(root) });
      return x;
    };
    passThrough(network, image, { encoded: keep(encoder), decoded: keep(decoder) });
  });
  return { encoder, decoder };
}

export function disposeStyle({ tf }: Engine, { encoder, decoder }: Wct2Style): void {
  for (const { mean, root } of [...encoder.values(), ...decoder.values()]) tf.dispose([mean, root]);
}

/**
 * The image in that style.
 * @param image [1, h, w, 3] from 0 to 1, h and w multiples of 8 and at least 16
 * @returns [1, h, w, 3], hardly beyond 0 to 1
 */
export function inStyle(engine: Engine, network: Wct2, image: Tensor4D, style: Wct2Style): Tensor4D {
  const recolour = (from: ReadonlyMap<Level, Colouring>) => (x: Tensor4D, level: Level) =>
    recoloured(engine, x, from.get(level)!);
  return engine.tf.tidy(() =>
    passThrough(network, image, { encoded: recolour(style.encoder), decoded: recolour(style.decoder) }),
  );
}

type AtLevel = (x: Tensor4D, level: Level) => Tensor4D;

/**
 * An image through encoder and decoder.
 * @param at what goes on in place of a level's output; of the decoder, in place of what goes into that level
 */
function passThrough(
  { encoder, decoder }: Wct2,
  image: Tensor4D,
  at: { readonly encoded: AtLevel; readonly decoded: AtLevel },
): Tensor4D {
  const [, height, width] = image.shape;
  if (height % 8 > 0 || width % 8 > 0 || Math.min(height, width) < 16)
    throw new RangeError(
      `wct2: height and width must be multiples of 8 and at least 16 but are ${height} and ${width}`,
    );
  const skips = new Map<Level, Skip>();
  let x = image;
  for (const level of downwards) {
    const encoded = encoder.encode(x, level);
    if (encoded.skip) skips.set(level, encoded.skip);
    x = at.encoded(encoded.x, level);
  }
  for (const level of upwards) {
    if (level < 4) x = at.decoded(x, level);
    x = decoder.decode(x, level, skips.get(level));
  }
  return x;
}
