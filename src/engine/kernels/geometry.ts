import type { Tensor } from '@tensorflow/tfjs';

/** Sizes of a window that slides over images with symmetric padding, as in PyTorch. */
export interface Window {
  readonly size: readonly [number, number];
  readonly stride: number;
  readonly pad: number;
}

/** Number of window positions along an axis: floor((length + 2 pad - size) / stride) + 1. */
export function outputLength(length: number, size: number, stride: number, pad: number): number {
  return Math.floor((length + 2 * pad - size) / stride) + 1;
}

/** True where TensorFlow's SAME padding is the symmetric padding asked for. */
function isSame(length: number, size: number, stride: number, pad: number): boolean {
  const out = Math.ceil(length / stride);
  return (
    out === outputLength(length, size, stride, pad) &&
    Math.max((out - 1) * stride + size - length, 0) === 2 * pad
  );
}

export type Padding = 'VALID' | 'SAME' | 'EXPLICIT';

/** TensorFlow's name of the padding: VALID and SAME, which its kernels know best, wherever they are equal. */
export function paddingOf(shape: readonly number[], { size, stride, pad }: Window): Padding {
  if (pad === 0) return 'VALID';
  return isSame(shape[1]!, size[0], stride, pad) && isSame(shape[2]!, size[1], stride, pad)
    ? 'SAME'
    : 'EXPLICIT';
}

/** @throws {RangeError} unless x is [batch, height, width, channels]. */
export function checkImages(op: string, x: Tensor): void {
  if (x.rank !== 4)
    throw new RangeError(`${op}: input must be [batch, height, width, channels] but got [${x.shape}]`);
}

/** @throws {RangeError} unless stride and pad are possible and the window fits into the images. */
export function checkWindow(op: string, x: Tensor, { size, stride, pad }: Window): void {
  if (!Number.isInteger(stride) || stride < 1)
    throw new RangeError(`${op}: stride must be a whole number from 1 but got ${stride}`);
  if (!Number.isInteger(pad) || pad < 0)
    throw new RangeError(`${op}: pad must be a whole number from 0 but got ${pad}`);
  const [, height, width] = x.shape as [number, number, number, number];
  if (height + 2 * pad < size[0] || width + 2 * pad < size[1])
    throw new RangeError(
      `${op}: a window of ${size.join('x')} does not fit into [${x.shape}] with padding ${pad}`,
    );
}

/** A pool needs a pixel in every window. @throws {RangeError} where one could lie in the padding alone. */
export function checkPoolPad(op: string, { size, pad }: Window): void {
  const smallest = Math.min(...size);
  if (pad >= smallest)
    throw new RangeError(`${op}: pad must be below the window's size ${smallest} but got ${pad}`);
}
