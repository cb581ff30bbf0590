import { describe, expect, it } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { drawPlacement, place } from '../../../../src/nn/augment.js';
import { applyMixture, drawMixture } from '../../../../src/nn/augmix/mixture.js';
import { augmixViews } from '../../../../src/nn/augmix/views.js';
import { normalisedBytes } from '../../../../src/nn/batch.js';
import { randomImages } from '../../../support/images.js';

const images = randomImages(new Rng(1, 'images'), 6, 10, 8);
const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 0.5] };
const length = 10 * 8 * 3;
const viewsOf = (indices: readonly number[], mixtures: number, hasClean: boolean, epoch = 0) =>
  augmixViews({ images, indices, normalisation, mixtures, hasClean, rng: new Rng(3, `augment/${epoch}`) });
const view = ({ data }: { data: Float32Array }, k: number) => data.slice(k * length, (k + 1) * length);

describe('augmixViews', () => {
  it('cuts an image once and mixes the cut image, all of it from the stream of its number', () => {
    const result = viewsOf([4, 1], 2, true);
    expect(result.shape).toEqual([6, 10, 8, 3]);
    [4, 1].forEach((index, n) => {
      const stream = new Rng(3, `augment/0/${index}`);
      const cut = new Uint8Array(length);
      place(images, index, drawPlacement(stream), cut);
      const clean = Float32Array.from(cut, (v, i) => normalisedBytes(normalisation)[i % 3]![v]!);
      expect(view(result, n)).toEqual(clean);
      for (const k of [1, 2]) {
        const expected = new Float32Array(length);
        const mixture = drawMixture(stream, { height: 10, width: 8 });
        applyMixture(cut, { height: 10, width: 8 }, mixture, normalisedBytes(normalisation), expected);
        expect(view(result, 2 * k + n)).toEqual(expected);
      }
    });
  });

  it('draws the same for an image at any place of any batch, and anew in every epoch', () => {
    const one = viewsOf([4, 1, 0], 1, false);
    expect(view(viewsOf([5, 0, 1, 4], 1, false), 3)).toEqual(view(one, 0));
    expect(view(viewsOf([4], 1, false, 1), 0)).not.toEqual(view(one, 0));
    expect(view(viewsOf([4], 2, true), 1)).toEqual(view(one, 0)); // the first mixture, with or without clean view
  });
});
