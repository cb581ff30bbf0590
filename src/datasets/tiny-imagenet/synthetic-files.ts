import sharp from 'sharp';

import { Rng } from '../../core/rng.js';
import { drawShape } from '../shapes/draw.js';
import { outlines } from '../shapes/outlines.js';
import { syntheticWnid } from './wnid.js';

export interface SyntheticParams {
  readonly classes: number;
  /** Images of both halves. */
  readonly train: number;
  readonly test: number;
  readonly seed: number;
}

/** Height and width of the published images. */
export const side = 64;

/** One image in so many is grey, with a single channel; of the published ones about one in 50 is. */
const greyEvery = 25;

/** A picture of a half and how it is drawn. */
interface Picture {
  /** Below the folder, with "/". */
  readonly path: string;
  readonly half: 'train' | 'test';
  /** In its half. */
  readonly index: number;
  readonly label: number;
}

/** Paths of all files, relative to the folder. */
export function syntheticPaths(params: SyntheticParams): string[] {
  return [...textsOf(params).map(({ path }) => path), ...picturesOf(params).map(({ path }) => path)];
}

/**
 * Every file of a folder in the form of tiny-imagenet-200, with the drawings of `shapes`. Image i of a half has the
 * class i modulo their number and is the same however many there are. The bytes of a JPEG are the encoder's.
 */
export async function* syntheticFiles(
  params: SyntheticParams,
): AsyncGenerator<{ readonly path: string; readonly bytes: Uint8Array }> {
  for (const { path, lines } of textsOf(params))
    yield { path, bytes: Buffer.from(lines.map((line) => `${line}\n`).join('')) };
  const streams = {
    train: new Rng(params.seed, 'tiny-imagenet-synthetic/train'),
    test: new Rng(params.seed, 'tiny-imagenet-synthetic/test'),
  };
  for (const { path, half, index, label } of picturesOf(params)) {
    const pixels = new Uint8Array(side * side * 3);
    drawShape(label, streams[half].child(index), side, pixels);
    yield { path, bytes: await jpegOf(pixels, index % greyEvery === greyEvery - 1) };
  }
}

function picturesOf({ classes, train, test }: SyntheticParams): Picture[] {
  const pictures = (half: Picture['half'], count: number, pathOf: (index: number) => string): Picture[] =>
    Array.from({ length: count }, (_, index) => ({
      path: pathOf(index),
      half,
      index,
      label: index % classes,
    }));
  return [
    ...pictures('train', train, (index) => {
      const wnid = syntheticWnid(index % classes);
      return `train/${wnid}/images/${wnid}_${Math.floor(index / classes)}.JPEG`;
    }),
    ...pictures('test', test, (index) => `val/images/val_${index}.JPEG`),
  ];
}

/** As in the published folder the classes are listed out of order, and there are words for more than these. */
function textsOf(params: SyntheticParams): { readonly path: string; readonly lines: readonly string[] }[] {
  const pictures = picturesOf(params);
  const wnids = Array.from({ length: params.classes }, (_, label) => syntheticWnid(label));
  const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const box = `0\t0\t${side - 1}\t${side - 1}`; // the whole picture: nothing here reads it
  return [
    { path: 'wnids.txt', lines: wnids.toReversed() },
    {
      path: 'words.txt',
      lines: outlines.map(([name], label) => `${syntheticWnid(label)}\tsynthetic ${name}, drawing`),
    },
    ...wnids.map((wnid, label) => ({
      path: `train/${wnid}/${wnid}_boxes.txt`,
      lines: pictures
        .filter((picture) => picture.half === 'train' && picture.label === label)
        .map(({ path }) => `${nameOf(path)}\t${box}`),
    })),
    {
      path: 'val/val_annotations.txt',
      lines: pictures
        .filter(({ half }) => half === 'test')
        .map(({ path, label }) => `${nameOf(path)}\t${wnids[label]}\t${box}`),
    },
  ];
}

/** @param pixels side x side x 3 bytes, RGB */
async function jpegOf(pixels: Uint8Array, isGrey: boolean): Promise<Uint8Array> {
  const raw = { height: side, width: side, channels: isGrey ? 1 : 3 } as const;
  const image = sharp(isGrey ? greyOf(pixels) : pixels, { raw });
  return (isGrey ? image.toColourspace('b-w') : image).jpeg({ quality: 90 }).toBuffer();
}

/** The mean of the channels, in whole numbers: the same everywhere. */
function greyOf(pixels: Uint8Array): Uint8Array {
  return Uint8Array.from({ length: pixels.length / 3 }, (_, i) =>
    Math.floor((pixels[3 * i]! + pixels[3 * i + 1]! + pixels[3 * i + 2]!) / 3),
  );
}
