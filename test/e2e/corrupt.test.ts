import { readdir, readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { sha256 } from '../../src/core/digest.js';
import { readNpy } from '../../src/core/npy.js';
import { noises } from '../../src/noises/index.js';
import type { Outcome } from '../support/rig.js';
import { Rig } from '../support/rig.js';

const names = noises.map(({ name }) => name);

function digests({ stdout }: Outcome): string {
  return stdout.split('\n\n')[0]!;
}

it('corrupt: all noises of a few images, the same files with any --jobs', async () => {
  const rig = await Rig.open();
  const one = await rig.run('corrupt --dataset shapes --images 3 --jobs 1 --out one');
  expect(one.code).toBe(0);
  await expect(one.stdout).toMatchFileSnapshot('../golden/corrupt/all.txt');
  const progress = names.flatMap((name) => [`${name}: 3 of 15 images`, `${name}: 15 of 15 images`]);
  expect(one.stderr.replace(/\[\d\d:\d\d\] /g, '').trimEnd()).toBe(progress.join('\n'));

  const three = await rig.run('corrupt --dataset shapes --images 3 --jobs 3 --out three');
  expect(digests(three)).toBe(digests(one));
  const files = [...names.map((name) => `${name}.npy`), 'labels.npy'];
  for (const folder of ['one', 'three']) {
    expect((await readdir(rig.path(folder))).sort()).toEqual([...files].sort());
    const found = await Promise.all(
      files.map(async (file) => `${sha256(await readFile(rig.path(folder, file)))}  ${file}`),
    );
    expect(found.join('\n')).toBe(digests(one));
  }
  const labels = await readNpy<Uint8Array>(rig.path('one/labels.npy'));
  expect(labels.shape).toEqual([15]);
  expect(labels.data.slice(3)).toEqual(labels.data.slice(0, 12));
  expect((await readNpy(rig.path('one/snow.npy'))).shape).toEqual([15, 32, 32, 3]);
}, 120_000);

it('corrupt: the rows of a severity and of the first images are those of the whole set', async () => {
  const rig = await Rig.open();
  const line = 'corrupt --dataset shapes --noise shot_noise --seed 7';
  await rig.run(`${line} --images 4 --out all`);
  const { code, stdout } = await rig.run(`${line} --images 2 --severity 5 --severity 2 --out some --json`);
  expect(code).toBe(0);
  const all = (await readNpy<Uint8Array>(rig.path('all/shot_noise.npy'))).data;
  const some = (await readNpy<Uint8Array>(rig.path('some/shot_noise.npy'))).data;
  const two = 2 * 32 * 32 * 3;
  expect(some.subarray(0, two)).toEqual(all.subarray(2 * two, 3 * two)); // severity 2
  expect(some.subarray(two)).toEqual(all.subarray(8 * two, 9 * two)); // severity 5
  const result = JSON.parse(stdout) as { files: unknown[] };
  expect(result).toMatchObject({
    dataset: 'shapes',
    images: 2,
    severities: [2, 5],
    seed: 7,
    folder: rig.path('some'),
  });
  expect(result.files[0]).toMatchObject({ name: 'shot_noise.npy', sizeBytes: 128 + 2 * two });
});

it('corrupt: what it refuses', async () => {
  const rig = await Rig.open();
  await rig.write({ 'set/fog.npy': '', 'set/labels.npy': '' });
  const lines: unknown[] = [];
  for (const line of [
    '--dataset shapes --noise fog --noise snow --images 2 --out set',
    '--dataset shapes --noise frost --images 2 --out frost --frost-textures none',
    '--dataset shapes --severity 6 --out set',
    '--dataset cifar10 --offline --out set',
    '--dataset image-folder --out set',
    '--noise fog --out set',
    '--dataset shapes --set seed=1 --out set',
    'gone.yaml --noise fog --seed 2 --out set',
    'gone.yaml --out set',
  ]) {
    const { code, stdout, stderr } = await rig.run(`corrupt ${line}`);
    lines.push(`$ patchnas corrupt ${line}`, code, stdout + stderr);
  }
  await expect(lines.join('\n').replaceAll(rig.folder, '<folder>')).toMatchFileSnapshot(
    '../golden/corrupt/refused.txt',
  );
  expect(await readdir(rig.path('frost'))).toEqual([]);
}, 120_000);

it('corrupt: the images of an experiment, its mixtures too', async () => {
  const rig = await Rig.open();
  await rig.write({
    'exp.yaml': `name: exp
seed: 3
dataset: { name: shapes, test: 30 }
network: { name: allconvnet, pretrain: {} }
noise: { types: [fog], environments: { both: [contrast, fog] }, severities: [2, 4], images: 20 }
split: { failures: 2 }
search: { scoreSamples: 2 }
`,
  });
  const { code, stdout, stderr } = await rig.run('corrupt exp.yaml --set noise.images=10 --out own');
  expect(code).toBe(0);
  expect(stderr).not.toContain('PN');
  expect(stdout.replace(/^[0-9a-f]{64}/gm, '<sha256>')).toBe(
    '<sha256>  fog.npy\n<sha256>  both.npy\n<sha256>  labels.npy\n\n' +
      '10 of the test images of shapes at severity 2, 4, seed 3: 123 kB in own\n',
  );
  expect((await readNpy(rig.path('own/both.npy'))).shape).toEqual([20, 32, 32, 3]);
}, 120_000);

it('corrupt: interrupted, leaves nothing', async () => {
  const rig = await Rig.open();
  let isStopped = false;
  const { code, stdout, stderr } = await rig.run('corrupt --dataset shapes --out set', {
    onOutput: (_, kill) => {
      if (!isStopped) kill('SIGINT');
      isStopped = true;
    },
  });
  expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
  expect(stderr).toMatch(
    /\nPN130 interrupted\n {2}Nothing was written; files that were there before are as they were\.\n$/,
  );
  expect(await readdir(rig.path('set'))).toEqual([]);
});
