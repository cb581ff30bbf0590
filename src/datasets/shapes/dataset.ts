import { canonicalJson } from '../../core/canonical-json.js';
import { sha256 } from '../../core/digest.js';
import { Rng } from '../../core/rng.js';
import type { Dataset, DatasetParams, FileCheck, LabelledImages } from '../dataset.js';
import { drawShape } from './draw.js';
import { outlines } from './outlines.js';

/** What `verify` makes anew: the first images of seed 1. Other drawing gives another pin, and so other keys. */
const pinned = {
  images: 200,
  sha256: '5a0d67f249309a8af2f30e673b579b5320343e29561be65d2caa4795709fa462',
};

const names = outlines.map(([name]) => name);

/**
 * Ten classes of coloured shapes on a textured ground, made from a seed: nothing to fetch, nothing on disk.
 * Image i of a half is the same whatever the counts are; its class is i modulo 10.
 */
export const shapes: Dataset = {
  sizeText: 'made from its seed, nothing to fetch',

  shape(params) {
    const { train, test, size } = typed(params);
    return Promise.resolve({
      train,
      test,
      height: size,
      width: size,
      classes: outlines.length,
      classFolders: names,
    });
  },

  locate: () => '',
  find: () => Promise.resolve(''),
  ensure: () => Promise.resolve(''),

  verify(): Promise<readonly FileCheck[]> {
    const { images } = draw(pinned.images, 32, new Rng(1, 'shapes/train'));
    const found = { sizeBytes: images.data.length, sha256: sha256(images.data) };
    const expected = { sizeBytes: pinned.images * 32 * 32 * 3, sha256: pinned.sha256 };
    const name = `first ${pinned.images} training images of seed 1`;
    return Promise.resolve([{ name, expected, found, ok: found.sha256 === expected.sha256 }]);
  },

  read(_folder, params) {
    const { train, test, size, seed } = typed(params);
    return Promise.resolve({
      train: draw(train, size, new Rng(seed, 'shapes/train')),
      test: draw(test, size, new Rng(seed, 'shapes/test')),
      classes: names,
    });
  },

  digest(params) {
    const { train, test, size, seed } = typed(params);
    const made = { drawing: pinned.sha256, train, test, seed };
    return Promise.resolve(sha256(canonicalJson(size === 32 ? made : { ...made, size })));
  },
};

interface Params {
  readonly train: number;
  readonly test: number;
  readonly size: number;
  readonly seed: number;
}

function typed(params: DatasetParams): Params {
  return { size: 32, ...params } as Params;
}

function draw(n: number, side: number, rng: Rng): LabelledImages {
  const images = new Uint8Array(n * side * side * 3);
  const labels = Uint8Array.from({ length: n }, (_, i) => i % outlines.length);
  const bytes = side * side * 3;
  labels.forEach((label, i) =>
    drawShape(label, rng.child(i), side, images.subarray(i * bytes, (i + 1) * bytes)),
  );
  return { images: { shape: [n, side, side, 3], data: images }, labels };
}
