import type { NdArray } from '../core/npy.js';
import { rowSize, type Images } from '../nn/batch.js';

/** Each image as a row of numbers in [0, 1]: [n, height * width * 3]. */
export function pointsOf(images: Images): NdArray<Float64Array> {
  const data = new Float64Array(images.data.length);
  for (let i = 0; i < data.length; i++) data[i] = images.data[i]! / 255;
  return { shape: [images.shape[0]!, rowSize(images)], data };
}
