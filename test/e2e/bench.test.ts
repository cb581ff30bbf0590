import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { expect, it } from 'vitest';

import { cacheDir } from '../support/cache-dir.js';
import { Rig, type Outcome } from '../support/rig.js';

/** What `--json` writes, as far as it is looked at here. */
interface Report {
  readonly rows: readonly {
    readonly name: string;
    readonly sides: readonly {
      readonly side: string;
      readonly failure?: string;
      readonly rounds: readonly Readonly<Record<'seconds' | 'cpuSeconds' | 'peakBytes', number>>[];
    }[];
  }[];
}

function bench(rig: Rig, args: string): Promise<Outcome> {
  return rig.exec(process.execPath, [resolve('scripts/bench.mjs'), ...args.split(' ')], {
    env: { PATCHNAS_CACHE: cacheDir },
  });
}

it('table and JSON of given measurements', async () => {
  const rig = await Rig.open();
  const { code, stdout, stderr } = await bench(
    rig,
    `--show ${resolve('test/golden/bench/measured.json')} --json report.json`,
  );
  expect([code, stderr]).toEqual([1, '']); // one of the sides has failed
  await expect(stdout).toMatchFileSnapshot('../golden/bench/table.txt');
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  await expect(await rig.read('report.json')).toMatchFileSnapshot('../golden/bench/report.json');
});

it('a table of a written file is the table of its measurements', async () => {
  const rig = await Rig.open();
  const { stdout } = await bench(rig, `--show ${resolve('test/golden/bench/report.json')}`);
  expect(stdout).toBe(await readFile('test/golden/bench/table.txt', 'utf8'));
});

it('a quick run measures every round of the asked rows', async () => {
  const rig = await Rig.open();
  const { code, stdout, stderr } = await bench(
    rig,
    '--quick --rounds 2 --only gate start/version --json report.json',
  );
  expect([code, stderr]).toEqual([0, '[1/2] gate\n[2/2] start/version\n']);
  const lines = stdout.split('\n');
  const names = lines.slice(lines.findIndex((line) => line.startsWith('─')) + 1).map((line) => line.trim());
  expect(names.slice(0, 2).map((line) => line.split(/ +/)[0])).toEqual(['gate', 'start/version']);
  const { rows } = JSON.parse(await rig.read('report.json')) as Report;
  expect(rows.map(({ name, sides }) => [name, sides.map(({ side }) => side)])).toEqual([
    ['gate', ['ours']],
    ['start/version', ['ours']],
  ]);
  for (const { sides } of rows) {
    expect(sides[0]!.rounds).toHaveLength(2);
    for (const { seconds, cpuSeconds, peakBytes } of sides[0]!.rounds)
      for (const value of [seconds, cpuSeconds, peakBytes]) expect(value).toBeGreaterThan(0);
  }
});

it('every kind of work runs', async () => {
  const rig = await Rig.open();
  const { code, stdout, stderr } = await bench(
    rig,
    '--quick --rounds 1 --network mobilenet-v2 --json report.json ' +
      '--only train/mobilenet-v2 probe fisher hyper-patch patch/stage5 patch-epoch evaluate noise/contrast',
  );
  expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
  const { rows } = JSON.parse(await rig.read('report.json')) as Report;
  expect(rows.map(({ name }) => name)).toEqual([
    'train/mobilenet-v2',
    'probe',
    'fisher',
    'hyper-patch',
    'patch/stage5',
    'patch-epoch',
    'evaluate/original',
    'evaluate/repaired',
    'noise/contrast',
  ]);
});

it('a row that does not exist is named, with those that do', async () => {
  const rig = await Rig.open();
  const { code, stdout, stderr } = await bench(rig, '--only trian');
  expect([code, stdout]).toEqual([2, '']);
  await expect(stderr).toMatchFileSnapshot('../golden/bench/unknown-row.txt');
});
