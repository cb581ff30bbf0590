import type { ImageSize, Severity } from './noise.js';

/**
 * Which of the two published sets of constants goes with an image: 32 (CIFAR-10-C) or 64 (Tiny-ImageNet-C). Another
 * size gets the nearest one; radii and shifts then stay what they are in pixels.
 */
export function constantsSize({ height, width }: ImageSize): 32 | 64 {
  return height + width <= 96 ? 32 : 64;
}

/** One value for each severity, for the two sets of constants. */
export interface Constants<T> {
  readonly 32: readonly [T, T, T, T, T];
  readonly 64: readonly [T, T, T, T, T];
}

/** The constant for that size and severity. */
export function constantFor<T>(constants: Constants<T>, size: ImageSize, severity: Severity): T {
  return constants[constantsSize(size)][severity - 1]!;
}
