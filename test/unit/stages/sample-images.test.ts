import { join } from 'node:path';

import sharp from 'sharp';
import { expect, test } from 'vitest';

import { writeNpy } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { sampleImages } from '../../../src/stages/sample-images.js';
import { tempFolder } from '../../support/temp-folder.js';
import { evaluation } from '../report/evaluations.js';

test('images of all groups as PNG, with their noise and the names of their classes', async () => {
  const folder = await tempFolder();
  const pixels = Uint8Array.from({ length: 4 * 2 * 3 * 3 }, (_, i) => (i * 37) % 256);
  await writeNpy(join(folder, 'images.npy'), { shape: [4, 2, 3, 3], data: pixels });
  await writeNpy(join(folder, 'noise.npy'), { shape: [4], data: Uint8Array.of(0, 1, 1, 0) });
  const images = await sampleImages(
    {
      input: (task, file) => {
        expect(task).toBe('corrupt/two');
        return join(folder, file);
      },
    },
    {
      evaluation: evaluation({
        environment: 'two',
        noisy: [
          [7, 2, 0, 1, 0], // mended
          [8, 5, 1, 1, 2], // broken
          [9, 1, 1, 1, 1], // kept: shown nowhere
        ],
      }),
      rows: [3, 1, 0],
      noises: ['fog', 'snow'],
      classes: ['cat', 'dog', 'ship'],
      rng: new Rng(1, 'samples'),
    },
  );
  const place = { method: 'patchnas', environment: 'two', repeat: 0, png: '' };
  expect(images.map((image) => ({ ...image, png: '' }))).toEqual([
    {
      ...{ ...place, group: 'repaired', groupSize: 1, baseImage: 7, severity: 2, noise: 'fog' },
      ...{ label: 'cat', original: 'dog', repaired: 'cat' },
    },
    {
      ...{ ...place, group: 'broken', groupSize: 1, baseImage: 8, severity: 5, noise: 'snow' },
      ...{ label: 'dog', original: 'dog', repaired: 'ship' },
    },
  ]);
  for (const [i, row] of [3, 1].entries()) {
    const { data, info } = await sharp(Buffer.from(images[i]!.png, 'base64'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([3, 2, 3]);
    expect(Uint8Array.from(data)).toEqual(pixels.subarray(row * 18, (row + 1) * 18));
  }
});
