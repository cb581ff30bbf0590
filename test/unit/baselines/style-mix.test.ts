import { describe, expect, it } from 'vitest';

import { applyPixelStyle, pixelStyle } from '../../../src/baselines/pixel-style.js';
import {
  applyStyleMixture,
  drawStyleMixture,
  preparedCopies,
  styledCopies,
  styleMix,
} from '../../../src/baselines/style-mix.js';
import { Rng } from '../../../src/core/rng.js';
import { drawPlacement, place } from '../../../src/nn/augment.js';
import { augmixViews } from '../../../src/nn/augmix/views.js';
import { normalisedBytes } from '../../../src/nn/batch.js';
import { expectClose } from '../../support/arrays.js';
import { randomImages } from '../../support/images.js';

const size = { height: 6, width: 5 };
const length = 6 * 5 * 3;
const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 0.5] };
const tables = normalisedBytes(normalisation);
const normalised = (image: Uint8Array) => Float32Array.from(image, (v, i) => tables[i % 3]![v]!);
const images = randomImages(new Rng(1, 'images'), 4, 6, 5);
const image = (n: number) => images.data.subarray(n * length, (n + 1) * length);

describe('drawStyleMixture', () => {
  const drawn = Array.from({ length: 4000 }, (_, k) => drawStyleMixture(new Rng(1, `mix/${k}`), size));
  const chains = drawn.flatMap((mixture) => mixture.chains);

  it('draws the same for the same stream', () => {
    expect(drawStyleMixture(new Rng(1, 'mix/0'), size)).toEqual(drawn[0]);
  });

  it('has chains of one to three operations, one in ten of which is the change of style', () => {
    const depth = ({ isStyled, operations }: (typeof chains)[number]) =>
      operations.length + (isStyled ? 1 : 0);
    expect(Math.max(...chains.map(depth))).toBe(3);
    expect(Math.min(...chains.map(({ operations }) => operations.length))).toBe(0); // nothing but style
    const share = chains.filter(({ isStyled }) => isStyled).length / chains.length;
    // Depth 1 to 3, equally often: none in any place with 0.9, 0.81 or 0.729.
    expect(Math.abs(share - (1 - (0.9 + 0.81 + 0.729) / 3))).toBeLessThan(0.011); // 3 standard deviations
  });
});

describe('applyStyleMixture', () => {
  const [x, y] = [image(0), image(1)];
  const invert = [{ operation: 'solarize', amount: 0 }];
  const mixture = {
    share: 0.6,
    chains: [
      { isStyled: true, operations: invert },
      { isStyled: false, operations: invert },
      { isStyled: true, operations: [] },
    ],
    weights: [0.5, 0.2, 0.3],
  };

  it('changes the style first, then does what else is in the chain', () => {
    const out = new Float32Array(length).fill(9);
    applyStyleMixture(x, () => y, size, mixture, tables, out);
    const inverted = (bytes: Uint8Array) => normalised(bytes.map((v) => 255 - v));
    const [a, b, c, d] = [normalised(x), inverted(y), inverted(x), normalised(y)];
    const expected = a.map((v, i) => 0.4 * v + 0.6 * (0.5 * b[i]! + 0.2 * c[i]! + 0.3 * d[i]!));
    expectClose(out, expected, 1e-6);
  });

  it('does not ask for another style where no chain has one', () => {
    const plain = { ...mixture, chains: mixture.chains.map((chain) => ({ ...chain, isStyled: false })) };
    const styled = () => {
      throw new Error('asked for');
    };
    expect(() => applyStyleMixture(x, styled, size, plain, tables, new Float32Array(length))).not.toThrow();
    expect(() => applyStyleMixture(x, styled, size, mixture, tables, new Float32Array(length))).toThrow(
      'asked for',
    );
  });
});

describe('styledCopies', () => {
  const styles = [2, 3].map((n) => {
    const style = pixelStyle(image(n), 6, 5);
    return (content: Uint8Array) => {
      const out = new Uint8Array(length);
      applyPixelStyle(content, style, out);
      return out;
    };
  });
  const inStyle = (n: number, k: number) => styles[k]!(image(n));
  const copies = (seed: number, keptBytes: number) =>
    styledCopies(images, styles, new Rng(seed, 'style'), keptBytes);

  it('gives an image the same style every time, one of the references', () => {
    const chosen = new Set<number>();
    for (let seed = 0; seed < 20; seed++) {
      const copy = copies(seed, 0)(1);
      expect(copies(seed, 1e6)(1)).toEqual(copy);
      chosen.add([0, 1].findIndex((k) => inStyle(1, k).every((v, i) => v === copy[i])));
    }
    expect([...chosen].sort()).toEqual([0, 1]);
  });

  it('keeps copies as long as there is room, and makes the others again', () => {
    const copyOf = copies(1, 2 * length);
    const [first, second, third] = [copyOf(0), copyOf(1), copyOf(2)];
    expect(copyOf(0)).toBe(first);
    expect(copyOf(1)).toBe(second);
    expect(copyOf(2)).not.toBe(third);
    expect(copyOf(2)).toEqual(third);
  });
});

describe('preparedCopies', () => {
  const copyOf = (index: number) => Uint8Array.of(index);

  it('makes the copy of each image of a batch once, and has those of the batch prepared last', async () => {
    const made: number[] = [];
    const copies = preparedCopies((index) => {
      made.push(index);
      return copyOf(index);
    }, new AbortController().signal);
    await copies.prepare(Uint32Array.of(3, 1, 3));
    expect([3, 1].map((index) => copies.copyOf(index))).toEqual([copyOf(3), copyOf(1)]);
    await copies.prepare(Uint32Array.of(1, 2));
    expect(made).toEqual([3, 1, 1, 2]); // keeping them is the work of what it is given
    expect(copies.copyOf(3)).toBeUndefined();
  });

  it('hears a cancellation between two images', async () => {
    const controller = new AbortController();
    const made: number[] = [];
    const copies = preparedCopies((index) => {
      made.push(index);
      controller.abort(new Error('cancelled'));
      return copyOf(index);
    }, controller.signal);
    await expect(copies.prepare(Uint32Array.of(3, 1))).rejects.toThrow('cancelled');
    expect(made).toEqual([3]);
  });
});

describe('styleMix', () => {
  it('cuts the copy in another style like the image', () => {
    const copyOf = (index: number) => image(3 - index);
    const { data } = augmixViews({
      images,
      indices: [0, 1, 2],
      normalisation,
      mixtures: 1,
      hasClean: false,
      rng: new Rng(5, 'views'),
      mix: styleMix(copyOf),
    });
    let styled = 0;
    for (const n of [0, 1, 2]) {
      const stream = new Rng(5, `views/${n}`);
      const placement = drawPlacement(stream);
      const [own, other] = [new Uint8Array(length), new Uint8Array(length)];
      place(images, n, placement, own);
      place(images, 3 - n, placement, other);
      const expected = new Float32Array(length);
      const mixture = drawStyleMixture(stream, size);
      if (mixture.chains.some(({ isStyled }) => isStyled)) styled++;
      applyStyleMixture(own, () => other, size, mixture, tables, expected);
      expect(data.slice(n * length, (n + 1) * length)).toEqual(expected);
    }
    expect(styled).toBeGreaterThan(0);
  });
});
