import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { coloursOf, recolour } from '../../../src/baselines/math/colour.js';
import { applyPixelStyle, pixelStyle } from '../../../src/baselines/pixel-style.js';
import { readNpy } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { expectClose } from '../../support/arrays.js';
import { randomImage } from '../../support/images.js';
import { referencePath } from '../../support/points.js';

const inputs = fileURLToPath(new URL('../../golden/corruptions/inputs/inputs_32.npy', import.meta.url));
const photos = await readNpy<Uint8Array>(inputs);
/** Made with NumPy. */
const reference = await readNpy<Uint8Array>(referencePath('styled.npy'));
const photo = (i: number) => photos.data.subarray(i * 3072, (i + 1) * 3072);

describe('applyPixelStyle', () => {
  it.each([0, 1, 2, 3, 4, 5])('gives the bytes that NumPy makes of photo %i', (i) => {
    const out = new Uint8Array(3072).fill(99);
    applyPixelStyle(photo(i), pixelStyle(photo(5 - i), 32, 32), out);
    expect([...out]).toEqual([...reference.data.subarray(i * 3072, (i + 1) * 3072)]);
  });

  it('makes an image of one colour, and lends one', () => {
    const flat = new Uint8Array(60).fill(70);
    const other = randomImage(new Rng(1, 'style'), 4, 5);
    const out = new Uint8Array(60);
    applyPixelStyle(other, pixelStyle(flat, 4, 5), out);
    expect(out).toEqual(flat);
    applyPixelStyle(flat, pixelStyle(other, 4, 5), out);
    expect(new Set(out).size).toBeGreaterThan(10);
  });
});

describe('recolour', () => {
  const unit = (seed: number) =>
    Float64Array.from(randomImage(new Rng(seed, 'colours'), 6, 5), (byte) => byte / 255);

  it('gives the image the mean and the covariance of the other colours', () => {
    const image = unit(1);
    const to = coloursOf(unit(2).map((value, i) => 0.5 * value + 0.1 * (i % 3)));
    recolour(image, coloursOf(image), to);
    expectClose(coloursOf(image).mean, to.mean, 1e-12);
    // The little that is added to the variances takes away as much.
    expectClose(coloursOf(image).covariance, to.covariance, 1e-5);
  });
});
