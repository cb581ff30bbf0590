import { expect, it } from 'vitest';

import { noises } from '../../src/noises/index.js';
import { Rig } from '../support/rig.js';

it('bench noises: a row for each noise, and the time for all of CIFAR-10-C', async () => {
  const rig = await Rig.open();
  const { code, stdout } = await rig.run('bench noises --images 4 --jobs 2');
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('ms an image        Python 32  1 core 32  2 threads 32  1 core 64  2 threads 64');
  const rows = lines.slice(1, 16).map((line) => line.split(/ +/));
  expect(rows.map(([name]) => name)).toEqual(noises.map(({ name }) => name));
  for (const row of rows) {
    expect(row).toHaveLength(6);
    for (const value of row.slice(1)) expect(Number(value)).toBeGreaterThan(0);
  }
  expect(
    lines
      .slice(17)
      .join('\n')
      .replace(/\d[\d.]* (s|min|h)( \d+ (s|min))?(?= (on one core,|with))/g, '<time>'),
  ).toBe(
    [
      'All of CIFAR-10-C (15 noises x 5 severities x 10,000 images of 32x32):',
      '<time> on one core, <time> with 2 threads; the Python reference 15 min 4 s on one core of its machine.',
      'Means of 4 images at each severity.',
    ].join('\n'),
  );
});

it('bench noises --json gives the numbers', async () => {
  const rig = await Rig.open();
  const { code, stdout } = await rig.run('bench noises --images 4 --jobs 1 --json');
  expect(code).toBe(0);
  const bench = JSON.parse(stdout) as { jobs: number; rows: { noise: string; oneCore32: number }[] };
  expect(bench.jobs).toBe(1);
  expect(bench.rows.map(({ noise }) => noise)).toEqual(noises.map(({ name }) => name));
});
