import { open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { cacheDir } from '../support/cache-dir.js';
import { writeImageFolder } from '../support/image-sets.js';
import { Rig } from '../support/rig.js';

const real = join(cacheDir, 'datasets', 'cifar10');
const place = 'cache/datasets/cifar10/cifar-10-batches-bin';

it('data: fetch from a folder, inspect, damage, verify', async () => {
  const rig = await Rig.open();
  const fetched = await rig.run(`data fetch cifar10 --from ${real}`);
  expect(fetched).toMatchObject({ code: 0, stdout: `cifar10 is whole in ${rig.path(place)}\n` });

  const inspected = await rig.run('data inspect cifar10');
  expect(inspected).toMatchObject({ code: 0, stderr: '' });
  const wide = inspected.stdout.split('\n').filter((line) => line.length > 80 && !line.startsWith('folder'));
  expect(wide).toEqual([]);
  await expect(inspected.stdout.replace(rig.path(place), '<folder>')).toMatchFileSnapshot(
    '../golden/data/inspect-cifar10.txt',
  );

  const file = await open(rig.path(place, 'data_batch_3.bin'), 'r+');
  await file.write('altered', 5000);
  await file.close();
  await truncate(rig.path(place, 'test_batch.bin'), 1000);
  const verified = await rig.run('data verify cifar10');
  expect(verified).toMatchObject({ code: 3, stdout: '' });
  await expect(verified.stderr.replace(rig.path(place), '<folder>')).toMatchFileSnapshot(
    '../golden/data/verify-damaged.txt',
  );
  expect(await rig.run('data verify cifar10 --json')).toMatchObject({ code: 3 });
});

it('data: what is missing without a network', async () => {
  const rig = await Rig.open();
  const outcomes: unknown[] = [];
  for (const line of ['data fetch cifar10 --offline', 'data verify cifar10', 'data inspect cifar10']) {
    const { code, signal, stdout, stderr } = await rig.run(line);
    outcomes.push(`$ patchnas ${line}`, code, signal, stdout, stderr);
  }
  await expect(outcomes.join('\n').replaceAll(rig.path(place), '<folder>')).toMatchFileSnapshot(
    '../golden/data/missing.txt',
  );
});

it('data: the shapes need no file', async () => {
  const rig = await Rig.open();
  expect((await rig.run('data fetch shapes --offline')).stdout).toBe(
    'shapes: made from its seed, nothing to fetch\n',
  );
  expect((await rig.run('data verify shapes')).stdout).toBe(
    'first 200 training images of seed 1: 614400 bytes, as expected\n',
  );
  const { stdout } = await rig.run('data inspect shapes --json');
  expect(JSON.parse(stdout)).toMatchObject({
    name: 'shapes',
    params: { train: 2000, test: 500, seed: 1 },
    folder: '',
    train: { shape: [2000, 32, 32, 3], counts: new Array<number>(10).fill(200) },
  });
});

it('data: the drawings in the form of Tiny-ImageNet are made whole or not at all', async () => {
  const rig = await Rig.open();
  const parent = rig.path('cache/datasets/tiny-imagenet-synthetic');
  const name = '10-classes-1000-train-200-test-seed-1';
  const folder = join(parent, name);
  const killed = await rig.run('data fetch tiny-imagenet-synthetic --offline --renderer json', {
    onOutput: (text, kill) => /"done":[1-9]/.test(text) && kill('SIGKILL'),
  });
  expect(killed).toMatchObject({ code: null, signal: 'SIGKILL' });
  const left = await readdir(parent);
  expect(left).toHaveLength(1);
  expect(left[0]).toMatch(/^\.10-classes/);

  const fetched = await rig.run('data fetch tiny-imagenet-synthetic --offline');
  expect(fetched).toMatchObject({ code: 0, stdout: `tiny-imagenet-synthetic is whole in ${folder}\n` });
  expect(fetched.stderr).toMatch(
    /drawing SYNTHETIC images in the form of Tiny-ImageNet: 1,213 of 1,213 files\n$/,
  );
  expect(await readdir(parent)).toEqual([name]);
  expect((await rig.run('data verify tiny-imagenet-synthetic')).stdout).toMatch(
    /^1213 files: \d+ bytes, as expected\n$/,
  );

  for (const line of ['tiny-imagenet-synthetic', `tiny-imagenet --from ${folder}`]) {
    const inspected = await rig.run(`data inspect ${line}`);
    expect(inspected.stdout).toMatch(/^SYNTHETIC +drawings made from a seed/m);
    expect(inspected.stdout).toMatch(/^synthetic disc +100 +20$/m);
  }

  await truncate(join(folder, 'val/images/val_7.JPEG'), 90);
  await rm(join(folder, 'val/images/val_8.JPEG'));
  const verified = await rig.run('data verify tiny-imagenet-synthetic');
  expect(verified).toMatchObject({ code: 3, stdout: '' });
  expect(verified.stderr.split('\n').filter((line) => /^PN|val_/.test(line))).toEqual([
    'PN331 2 of 1213 files of tiny-imagenet-synthetic missing, truncated or altered',
    '  val/images/val_7.JPEG: truncated',
    '  val/images/val_8.JPEG: missing',
  ]);
  await writeFile(join(folder, 'notes.txt'), 'mine');
  expect(await rig.run('data fetch tiny-imagenet-synthetic')).toMatchObject({
    code: 3,
    stderr: `PN341 there is something else where tiny-imagenet-synthetic is made
  notes.txt
  at ${folder}
  Move it to another place: this folder belongs to patchnas.
`,
  });
  expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine');
  await rm(join(folder, 'notes.txt'));
  expect((await rig.run('data fetch tiny-imagenet-synthetic')).code).toBe(0);
  expect((await rig.run('data verify tiny-imagenet-synthetic')).code).toBe(0);
});

it("data: a folder of images of one's own is read where it stands", async () => {
  const rig = await Rig.open();
  await writeImageFolder(rig.path('leaves'));
  const { code, stdout } = await rig.run('data inspect image-folder --from leaves --json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    name: 'image-folder',
    params: { root: rig.path('leaves') },
    folder: rig.path('leaves'),
    classes: ['leaf', 'stone'],
    train: { shape: [8, 6, 8, 3], counts: [5, 3] },
    test: { shape: [4, 6, 8, 3], counts: [2, 2] },
  });
  expect((await rig.run('data verify image-folder --from leaves')).stdout).toMatch(
    /^8 training and 4 test images in 2 classes: \d+ bytes, as expected\n$/,
  );
  expect(await rig.run('data verify image-folder')).toMatchObject({
    code: 2,
    stderr:
      'PN209 the data set image-folder stands in a folder of your own\n  Name that folder: --from DIR\n',
  });

  await truncate(rig.path('leaves/train/leaf/0.png'), 200);
  expect(await rig.run('data fetch image-folder --from leaves')).toMatchObject({
    code: 3,
    stderr: `PN345 1 file cannot be read
  train/leaf/0.png: truncated or damaged, 200 bytes
  at ${rig.path('leaves')}
  Copy these files again from where they came, or remove them.
`,
  });
});
