import { expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { corruptImages } from '../../../src/noises/corrupt.js';
import { openNoise } from '../../../src/noises/index.js';

const rng = new Rng(3, 'corrupt');
const images = { shape: [2, 4, 4, 3], data: new Uint8Array(96).fill(128) };

it('draws from a stream named by noise, severity and index', async () => {
  const noise = await openNoise('gaussian_noise');
  const out = corruptImages({ noise, severity: 2, images, indices: [17, 5], rng });
  const z = rng.child('gaussian_noise').child('s2').child(17).normal();
  expect(out[0]).toBe(Math.trunc((128 / 255 + 0.06 * z) * 255));
});

it('gives equal images other noise when their indices differ, the same when they agree', async () => {
  const noise = await openNoise('gaussian_noise');
  const halves = (indices: number[]): [Uint8Array, Uint8Array] => {
    const out = corruptImages({ noise, severity: 1, images, indices, rng });
    return [out.slice(0, 48), out.slice(48)];
  };
  const [a, b] = halves([0, 1]);
  expect(a).not.toEqual(b);
  const [c, d] = halves([1, 1]);
  expect(c).toEqual(d);
  expect(c).toEqual(b);
});

it('of no images makes none', async () => {
  const none = { shape: [0, 4, 4, 3], data: new Uint8Array(0) };
  const noise = await openNoise('fog');
  expect(corruptImages({ noise, severity: 1, images: none, indices: [], rng })).toHaveLength(0);
});

it('refuses arrays that are not RGB images, and too few indices', async () => {
  const noise = await openNoise('fog');
  const grey = { shape: [2, 4, 12], data: images.data };
  expect(() => corruptImages({ noise, severity: 1, images: grey, indices: [0, 1], rng })).toThrow(
    'corrupt: images must be [n, height, width, 3] but got [2, 4, 12]',
  );
  expect(() => corruptImages({ noise, severity: 1, images, indices: [0], rng })).toThrow(
    'corrupt: 2 images need as many indices but got 1',
  );
});

it('an unknown noise is refused with the names that exist', async () => {
  await expect(openNoise('rain')).rejects.toThrow(/^no "rain" among gaussian_noise, shot_noise, /);
});
