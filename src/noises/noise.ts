import type { Rng } from '../core/rng.js';

/** In pixels. Images are RGB bytes in the order row, column, channel. */
export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

export const severities = [1, 2, 3, 4, 5] as const;
/** 1 (mild) to 5 (strong). */
export type Severity = (typeof severities)[number];

/**
 * A corruption in two halves: `draw` makes every random number that one image needs, `apply` is a pure function of
 * image and draws. So the tests can drive `apply` with the draws of the reference implementation.
 */
export interface Noise<Draws = unknown> {
  /** The random fields for one image, [height, width, 3] bytes; only photon counts depend on what is in it. */
  draw(rng: Rng, size: ImageSize, severity: Severity, image: Uint8Array): Draws;
  /**
   * Writes the corrupted image.
   * @param image [height, width, 3] bytes; left as it is
   * @param out [height, width, 3] bytes; must not be `image`
   */
  apply(image: Uint8Array, size: ImageSize, severity: Severity, draws: Draws, out: Uint8Array): void;
  /** The same noise with the parameters of its entry; there only for entries that have parameters. */
  configure?(params: Readonly<Record<string, unknown>>): Promise<Noise<Draws>>;
}

/** A noise that needs no random numbers draws this. */
export type NoDraws = undefined;
