import type { ImageSize } from '../noise.js';
import { replicate } from './border.js';
import { padBytes } from './pad.js';
import { scratch } from './scratch.js';

/** Bytes widened to 16 bits, as ImageMagick holds them. */
const wideOfByte = Float64Array.from({ length: 256 }, (_, v) => v * 257);

const padded = scratch((length) => new Float64Array(length));
const row = scratch((length) => new Float64Array(length));

/** exp(-i²/(2 sigma²)), i = 0 … 2 ceil(radius), divided by the sum: the smear is one-sided. */
export function motionWeights(radius: number, sigma: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * Math.ceil(radius) + 1 }, (_, i) =>
    Math.exp((-i * i) / (2 * sigma * sigma)),
  );
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/**
 * ImageMagick's motion blur: out(r, c) = sum of weight_i * in(r + ceil(i sin t - 1/2), c + ceil(i cos t - 1/2)), edge
 * pixels repeated. The sum is rounded to 16 bits and that to 8 bits, as ImageMagick 6 did until October 2019 (later
 * builds truncate the second time, which makes half of all bytes lower by one).
 * @param bytes [height, width, channels]
 * @param weights from `motionWeights`
 * @param angleDeg t in degrees, y pointing down
 * @param out like `bytes`
 */
export function motionBlur(
  bytes: Uint8Array,
  size: ImageSize,
  channels: number,
  weights: Float64Array,
  angleDeg: number,
  out: Uint8Array,
): void {
  const { height, width } = size;
  const margin = weights.length - 1;
  const stride = (width + 2 * margin) * channels;
  const wide = padded((height + 2 * margin) * stride);
  padBytes(bytes, size, channels, margin, replicate, wideOfByte, wide);

  const angle = (Math.PI * angleDeg) / 180;
  const x = weights.length * Math.cos(angle);
  const y = weights.length * Math.sin(angle);
  const length = Math.sqrt(x * x + y * y);
  const offsets = Int32Array.from(weights, (_, i) => {
    const dx = Math.ceil((i * x) / length - 0.5);
    const dy = Math.ceil((i * y) / length - 0.5);
    return dy * stride + dx * channels;
  });

  const sums = row(width * channels);
  for (let r = 0; r < height; r++) {
    sums.fill(0);
    const start = (r + margin) * stride + margin * channels;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      const from = start + offsets[i]!;
      for (let k = 0; k < sums.length; k++) sums[k] = sums[k]! + weight * wide[from + k]!;
    }
    const to = r * width * channels;
    for (let k = 0; k < sums.length; k++) {
      const sixteen = Math.floor(sums[k]! + 0.5);
      out[to + k] = Math.floor((sixteen + 128) / 257);
    }
  }
}
