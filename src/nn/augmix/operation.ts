import type { Rng } from '../../core/rng.js';

/** In pixels. Images are RGB bytes in the order row, column, channel. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/**
 * A change of an image in two halves, as Pillow makes it to the byte: `draw` says how strong it is, a plain number,
 * and `apply` is a pure function of image and number.
 */
export interface Operation {
  readonly name: string;
  /** In the operation's own unit; 0 where there is nothing to choose. */
  draw(rng: Rng, size: ImageSize): number;
  /**
   * @param image [height, width, 3], not changed
   * @param out [height, width, 3], written whole; must not be `image`
   */
  apply(image: Uint8Array, size: ImageSize, amount: number, out: Uint8Array): void;
}

/** AugMix's own setting for CIFAR, of 10: how strong operations are at most. */
const severity = 3;

/** A strength from 0.01 to 0.3 of the largest. @param largest the strength at severity 10 */
export function drawStrength(rng: Rng, largest: number): number {
  return (rng.uniform(0.1, severity) * largest) / 10;
}

/** The same, rounded down to a whole number. */
export function drawWholeStrength(rng: Rng, largest: number): number {
  return Math.floor(drawStrength(rng, largest));
}

/** Either sign, equally often. */
export function withEitherSign(rng: Rng, amount: number): number {
  return rng.bernoulli(0.5) ? -amount : amount;
}
