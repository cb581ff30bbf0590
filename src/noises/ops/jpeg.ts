import type { ImageSize } from '../noise.js';
import { forwardDct, inverseDct } from './dct.js';
import { scratch } from './scratch.js';
import { rgbToYcc, yccToRgb } from './ycc.js';

/** The example tables of the JPEG standard's Annex K, row by row. */
const luminance = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
const chrominance = [
  17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/** A quantisation table for a quality of 1 to 100. */
export function quantisation(base: readonly number[], quality: number): Int32Array {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return Int32Array.from(base, (entry) => Math.min(255, Math.max(1, Math.floor((entry * scale + 50) / 100))));
}

const planes = {
  y: scratch((length) => new Uint8Array(length)),
  cb: scratch((length) => new Uint8Array(length)),
  cr: scratch((length) => new Uint8Array(length)),
  smallCb: scratch((length) => new Uint8Array(length)),
  smallCr: scratch((length) => new Uint8Array(length)),
};

/**
 * What a baseline JPEG with 4:2:0 chroma does to an image, as libjpeg-turbo codes and decodes it (integer "islow"
 * transforms, triangle upsampling). The entropy code loses nothing, so there is none here.
 * @param image [height, width, 3]
 * @param quality 1 to 100
 * @param out [height, width, 3]
 */
export function jpegLoss(image: Uint8Array, size: ImageSize, quality: number, out: Uint8Array): void {
  // Whole blocks of 16x16; edge pixels are repeated.
  const height = Math.ceil(size.height / 16) * 16;
  const width = Math.ceil(size.width / 16) * 16;
  const [y, cb, cr] = [planes.y(height * width), planes.cb(height * width), planes.cr(height * width)];
  rgbToYcc(image, size, width, height, y, cb, cr);
  const [smallCb, smallCr] = [planes.smallCb((height * width) / 4), planes.smallCr((height * width) / 4)];
  halve(cb, height, width, smallCb);
  halve(cr, height, width, smallCr);

  const forLuma = quantisation(luminance, quality);
  const forChroma = quantisation(chrominance, quality);
  codeBlocks(y, height, width, forLuma);
  codeBlocks(smallCb, height / 2, width / 2, forChroma);
  codeBlocks(smallCr, height / 2, width / 2, forChroma);

  double(smallCb, size, width, cb);
  double(smallCr, size, width, cr);
  yccToRgb(y, cb, cr, width, size, out);
}

/** Means of 2x2 pixels, rounded alternately down and up along a row. */
function halve(plane: Uint8Array, height: number, width: number, out: Uint8Array): void {
  let at = 0;
  for (let r = 0; r < height; r += 2) {
    for (let c = 0; c < width; c += 2) {
      const i = r * width + c;
      const bias = (c & 2) === 0 ? 1 : 2;
      out[at++] = (plane[i]! + plane[i + 1]! + plane[i + width]! + plane[i + width + 1]! + bias) >> 2;
    }
  }
}

const block = new Int32Array(64);

/** Transforms, quantises, and comes back, in place, block by block. */
function codeBlocks(plane: Uint8Array, height: number, width: number, table: Int32Array): void {
  for (let r = 0; r < height; r += 8) {
    for (let c = 0; c < width; c += 8) {
      for (let i = 0; i < 64; i++) block[i] = plane[(r + (i >> 3)) * width + c + (i & 7)]! - 128;
      forwardDct(block);
      for (let i = 0; i < 64; i++) block[i] = quantised(block[i]!, table[i]!) * table[i]!;
      inverseDct(block);
      for (let i = 0; i < 64; i++) {
        const value = block[i]! + 128;
        plane[(r + (i >> 3)) * width + c + (i & 7)] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
}

/** A coefficient that is 8 times too large, divided by its step and rounded, a half away from zero. */
function quantised(value: number, step: number): number {
  const level = ((Math.abs(value) + 4 * step) / (8 * step)) | 0;
  return value < 0 ? -level : level;
}

const columnSums = scratch((length) => new Int32Array(length));

/** Triangle upsampling to twice the size: every output takes 3/4 of the nearer sample and 1/4 of the other, per axis. */
function double(plane: Uint8Array, size: ImageSize, stride: number, out: Uint8Array): void {
  const rows = Math.ceil(size.height / 2);
  const columns = Math.ceil(size.width / 2);
  const half = stride / 2;
  const t = columnSums(columns);
  for (let r = 0; r < size.height; r++) {
    const near = r >> 1;
    const far = Math.min(rows - 1, Math.max(0, (r & 1) === 0 ? near - 1 : near + 1));
    for (let c = 0; c < columns; c++) t[c] = 3 * plane[near * half + c]! + plane[far * half + c]!;
    for (let c = 0; c < columns; c++) {
      const three = 3 * t[c]!;
      out[r * stride + 2 * c] = (three + t[c === 0 ? 0 : c - 1]! + 8) >> 4;
      out[r * stride + 2 * c + 1] = (three + t[c === columns - 1 ? c : c + 1]! + 7) >> 4;
    }
  }
}
