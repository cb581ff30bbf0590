import { readFile } from 'node:fs/promises';

import sharp from 'sharp';
import { expect, it } from 'vitest';

import { Rig } from '../support/rig.js';

it('data preview: one PNG with noises in rows', async () => {
  const rig = await Rig.open();
  const { code, stdout, stderr } = await rig.run(
    'data preview --dataset shapes --noise snow --noise fog --image 4 --image 17 --out sheet.png',
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')[0]).toBe('sheet.png: 984x192 pixels');
  const { width, height, format } = await sharp(await readFile(rig.path('sheet.png'))).metadata();
  expect({ width, height, format }).toEqual({ width: 984, height: 192, format: 'png' });
});

it('data preview: a data set that is missing and may not be fetched', async () => {
  const rig = await Rig.open();
  const { code, stdout, stderr } = await rig.run('data preview --dataset cifar10 --offline');
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^PN330 the data set cifar10 is not in the cache, and fetching is forbidden/);
});

it('data preview: no such image', async () => {
  const rig = await Rig.open();
  expect(await rig.run('data preview --dataset shapes --image 3 --image 500')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'PN294 there is no test image 500\n  The data set has 500 test images: 0 to 499.\n',
  });
});
