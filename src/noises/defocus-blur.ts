import { constantFor, constantsSize, type Constants } from './constants.js';
import { type ImageSize, type NoDraws, type Noise, type Severity } from './noise.js';
import { mirrorWhole } from './ops/border.js';
import { byteOfUnit, unitOfByte } from './ops/bytes.js';
import { diskKernel, kernelTaps, type Tap } from './ops/disk.js';
import { padBytes } from './ops/pad.js';
import { scratch } from './ops/scratch.js';

/** [radius of the disk, sigma of its antialiasing], in pixels. The mildest "disks" are one pixel. */
export const defocusConstants: Constants<readonly [number, number]> = {
  32: [
    [0.3, 0.4],
    [0.4, 0.5],
    [0.5, 0.6],
    [1, 0.2],
    [1.5, 0.1],
  ],
  64: [
    [0.5, 0.6],
    [1, 0.1],
    [1.5, 0.1],
    [2.5, 0.01],
    [3, 0.1],
  ],
};

const tapsOf = new Map<string, Tap[]>();

function taps(size: ImageSize, severity: Severity): Tap[] {
  const key = `${constantsSize(size)}/${severity}`;
  let found = tapsOf.get(key);
  if (!found) {
    found = kernelTaps(diskKernel(...constantFor(defocusConstants, size, severity)));
    tapsOf.set(key, found);
  }
  return found;
}

const padded = scratch((length) => new Float64Array(length));
const row = scratch((length) => new Float64Array(length));

/** Correlation with an antialiased disk, whole-sample mirror at the border. */
export const defocusBlur: Noise<NoDraws> = {
  draw: () => undefined,

  apply(image, size, severity, _draws, out) {
    const kernel = taps(size, severity);
    const margin = Math.max(...kernel.map(({ dx }) => dx));
    const { height, width } = size;
    const stride = (width + 2 * margin) * 3;
    const wide = padded((height + 2 * margin) * stride);
    padBytes(image, size, 3, margin, mirrorWhole, unitOfByte, wide);
    const sums = row(width * 3);
    for (let r = 0; r < height; r++) {
      sums.fill(0);
      for (const { dy, dx, weight } of kernel) {
        const from = (r + margin + dy) * stride + (margin + dx) * 3;
        for (let i = 0; i < sums.length; i++) sums[i] = sums[i]! + weight * wide[from + i]!;
      }
      for (let i = 0; i < sums.length; i++) out[r * width * 3 + i] = byteOfUnit(sums[i]!);
    }
  },
};
