import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cacheDir } from '../support/cache-dir.js';
import { Rig, type Outcome } from '../support/rig.js';

/** Two noises and their mixture in seconds, on a network that a file gives. */
const experiment = `name: tiny
repeats: 1
dataset: { name: shapes, train: 200, test: 60 }
network: { name: allconvnet, width: 0.05, weights: weights/network.safetensors }
noise: { types: [fog, contrast], environments: { two: [fog, contrast] }, severities: [2, 4], images: 50 }
split: { failures: 12 }
probe: { epochs: 1, samples: 64 }
search: { candidates: 2, steps: 1, batch: 8, scoreSamples: 8, nodes: 3, tasks: [rotation] }
train: { epochs: 1 }
methods: [patchnas, original]
`;
const trained = experiment.replace('weights: weights/network.safetensors', 'pretrain: { epochs: 3 }');

const patchnas = (rig: Rig, line: string): Promise<Outcome> =>
  rig.run(`${line} --renderer plain`, { env: { PATCHNAS_CACHE: cacheDir } });

/** `reproduce results/tiny` with the store of the record. */
const reproduce = (rig: Rig, more = '', dir = 'results/tiny'): Promise<Outcome> =>
  patchnas(rig, `reproduce ${dir} --offline --store store ${more}`);

/** Stores of reproductions that run everything. */
const freshStores = async (): Promise<string[]> =>
  (await readdir(cacheDir))
    .filter((name) => name.startsWith('fresh-store-'))
    .map((name) => join(cacheDir, name));

/** The error on stderr, after the lines of progress. */
const errorOf = ({ stderr }: Outcome): string => stderr.slice(stderr.search(/^PN\d{3} /m));

/** The record that the tests start from and leave as it is. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchnas-results-'));
  const rig = Rig.at(folder);
  await rig.write({ 'trained.yaml': trained, 'tiny.yaml': experiment });
  const { stdout, stderr } = await patchnas(rig, 'run trained.yaml --offline --store store --until pretrain');
  const weights = /^pretrain: (.*)\n$/.exec(stdout)?.[1];
  if (weights === undefined) throw new Error(stderr);
  await cp(join(weights, 'network.safetensors'), rig.path('weights/network.safetensors'));
  const run = await patchnas(rig, 'run tiny.yaml --offline --store store');
  if (run.code !== 0) throw new Error(run.stderr);
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A rig with a copy of the record and its store. */
async function open(): Promise<Rig> {
  const rig = await Rig.open();
  await cp(folder, rig.folder, { recursive: true });
  return rig;
}

/** Replaces a text in a file of the record. */
async function tamper(rig: Rig, file: string, pattern: RegExp, by: string): Promise<void> {
  const text = await rig.read(file);
  expect(text).toMatch(pattern);
  await rig.write({ [file]: text.replace(pattern, by) });
}

describe('patchnas tables', { timeout: 60_000 }, () => {
  it('prints a CSV table to the byte of its file', async () => {
    const rig = Rig.at(folder);
    for (const number of [1, 2, 3, 4]) {
      const { code, stdout } = await rig.run(`tables results/tiny --format csv --table ${number}`);
      expect(code).toBe(0);
      expect(stdout).toBe(await rig.read(`results/tiny/table-${number}.csv`));
    }
  });

  it('prints the other forms, and the rows with --json', async () => {
    const rig = Rig.at(folder);
    const [console, latex, markdown, json] = await Promise.all(
      ['', '--format latex', '--format markdown', '--table 2 --json'].map((more) =>
        rig.run(`tables results/tiny ${more}`),
      ),
    );
    const titles = (outcome: Outcome, title: RegExp) => outcome.stdout.match(title)?.length;
    expect(titles(console!, /^Table [1-4]\. /gm)).toBe(4);
    expect(titles(markdown!, /^\*\*Table [1-4]\. /gm)).toBe(4);
    expect(titles(latex!, /^\\begin\{table\}/gm)).toBe(4);
    const [rows] = JSON.parse(json!.stdout) as { accuracy: { method: string }[] }[];
    expect(rows!.accuracy.map(({ method }) => method)).toContain('patchnas');
  });

  it.each([
    [
      'results/tiny --format csv --table 1 --table 3',
      2,
      'PN281 2 tables in one CSV file\n  Tables have columns of their own: give one --table at a time.\n',
    ],
    [
      'results/nothing',
      3,
      'PN390 there is no such folder of results\n  at results/nothing\n' +
        '  Give a folder that "patchnas run" wrote, such as results/quickstart.\n',
    ],
    [
      'weights',
      3,
      'PN390 no results here: there is no tables.json\n  at weights\n' +
        '  Give a folder that "patchnas run" wrote, such as results/quickstart.\n',
    ],
  ])('%s', async (words, code, stderr) => {
    const outcome = await Rig.at(folder).run(`tables ${words}`);
    expect([outcome.code, outcome.stderr, outcome.stdout]).toEqual([code, stderr, '']);
  });
});

describe('patchnas diff', { timeout: 120_000 }, () => {
  it('a folder and itself: nothing, exit code 0', async () => {
    const { code, stdout, stderr } = await Rig.at(folder).run('diff results/tiny results/tiny');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      'A: results/tiny\nB: results/tiny\n\nSettings that differ: none\n\n' +
        'Engine, versions and data that differ: none\n\nFigures that differ: none\n',
    );
  });

  it('another sigma, other weights elsewhere and another engine: what differs, exit code 7', async () => {
    const rig = await open();
    const run = await patchnas(
      rig,
      'run tiny.yaml --offline --store store --out results/loose --set gate.sigma.quantile=0.3',
    );
    expect(run.code).toBe(0);
    await tamper(rig, 'results/loose/manifest.json', /"threads": \d+/, '"threads": 96');
    const { code, stdout, stderr } = await rig.run('diff results/tiny results/loose');
    expect(code).toBe(7);
    expect(stdout).toContain('Settings that differ, A -> B\n  gate.sigma.quantile: 0.95 -> 0.3\n');
    expect(stdout).toMatch(
      /Engine, versions and data that differ, A -> B\n {2}engine\.threads: \d+ -> 96\n\n/,
    );
    expect(stderr).toMatch(
      /^PN701 the results differ in \d+ of \d+ figures, \d+ of them accuracies .*\n {2}at results\/tiny and results\/loose\n$/,
    );
    const json = await rig.run('diff results/tiny results/loose --json');
    const { settings, tables } = JSON.parse(json.stdout) as {
      settings: { path: string }[];
      tables: { differences: { table: string; row: string[] }[] };
    };
    expect(json.code).toBe(7);
    expect(settings.map(({ path }) => path)).toEqual(['gate.sigma.quantile']);
    expect(tables.differences.every(({ row }) => row[0] !== 'original')).toBe(true);
  });
});

describe('patchnas reproduce', { timeout: 300_000 }, () => {
  it('from the store: the same bytes, and it says that nothing was run', async () => {
    const rig = await open();
    const { code, stdout } = await reproduce(rig);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^results\/tiny: reproduced: the same bytes, \d+ figures\n0 stages ran, \d+ were kept from earlier: --fresh runs these too\nResults: results\/tiny-reproduced\n$/,
    );
    expect((await readdir(rig.path('results/tiny-reproduced'))).sort()).toEqual(
      (await readdir(rig.path('results/tiny'))).sort(),
    );
  });

  it('one environment, with every stage run again', async () => {
    const rig = await open();
    const { code, stdout } = await patchnas(rig, 'reproduce results/tiny --offline --only two --fresh');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^results\/tiny: reproduced: the same bytes, \d+ figures of two\n\d+ stages ran\nResults: results\/tiny-reproduced-two\n$/,
    );
    expect(await freshStores()).toEqual([]);
  });

  it('stopped with Ctrl-C while everything is run again: the store stays, and the command that goes on', async () => {
    const rig = await open();
    const stopped = await rig.run('reproduce results/tiny --offline --only fog --fresh --renderer plain', {
      env: { PATCHNAS_CACHE: cacheDir },
      onOutput: (text, kill) => {
        if (text.includes('localize/fog/r0 started')) kill('SIGINT');
      },
    });
    expect(stopped.code).toBe(130);
    const resume = /Go on with: patchnas (reproduce .* --store (.*))\n/.exec(stopped.stderr);
    expect(await freshStores()).toEqual([resume?.[2]]);
    const goneOn = await rig.run(resume![1]!, { env: { PATCHNAS_CACHE: cacheDir } });
    await rm(resume![2]!, { recursive: true });
    expect(goneOn.code).toBe(0);
    expect(goneOn.stdout).toMatch(/^results\/tiny: reproduced: .*\n\d+ stages ran, \d+ were kept/);
  });

  it('a table that was tampered with: which cell, exit code 7', async () => {
    const rig = await open();
    await tamper(rig, 'results/tiny/table-3.csv', /^(allconvnet,patchnas,fog,1),200,/m, '$1,201,');
    for (const only of ['', '--only fog']) {
      const outcome = await reproduce(rig, only);
      expect(outcome.code).toBe(7);
      expect(outcome.stdout.split('\n')[0]).toBe('table-3.csv, line 2, training_set: 201 recorded, now 200');
      expect(errorOf(outcome)).toMatch(
        /^PN700 not reproduced: 1 file and 0 of \d+ figures( of fog)? differ\n {2}at results\/tiny\n$/,
      );
    }
    expect((await reproduce(rig, '--only contrast')).code).toBe(0); // its rows are as they were
    const none = await rig.run('tables results/tiny-reproduced-contrast --table 2');
    expect([none.code, none.stderr.split('\n')[0]]).toEqual([
      2,
      'PN282 these results have nothing for table 2',
    ]);
  });

  it('a figure that was tampered with: which one, also as JSON', async () => {
    const rig = await open();
    await tamper(rig, 'results/tiny/tables.json', /"trainingSet": 200/, '"trainingSet": 7');
    const outcome = await patchnas(rig, 'reproduce results/tiny --offline --store store --json');
    expect(outcome.code).toBe(7);
    const found = JSON.parse(outcome.stdout) as {
      isReproduced: boolean;
      rule: string;
      files: { file: string }[];
      figures: { row: string[]; name: string; a: number; b: number }[];
    };
    expect(found).toMatchObject({ isReproduced: false, rule: 'bytes', files: [{ file: 'tables.json' }] });
    expect(found.figures).toEqual([
      { table: 'samples', row: ['patchnas', 'fog'], name: 'trainingSet', a: 7, b: 200 },
    ]);
  });

  it('recorded on another engine: inside the recorded intervals, or not', async () => {
    const rig = await open();
    await tamper(rig, 'results/tiny/manifest.json', /"threads": \d+/, '"threads": 96');
    await tamper(rig, 'results/tiny/table-3.csv', /,200,/, ',201,'); // bytes do not count then
    const good = await reproduce(rig);
    expect(good.code).toBe(0);
    expect(good.stdout).toMatch(
      /^results\/tiny: reproduced on another engine: all 50 accuracies inside the recorded 95 % intervals\n/,
    );
    await tamper(
      rig,
      'results/tiny/tables.json',
      /("scope": "fog",[^}]*"method": "original"[^]*?"clean": \{)[^}]*\}/,
      '$1 "mean": 0.9, "repeats": 1, "low": 0.8, "high": 1 }',
    );
    const bad = await reproduce(rig);
    expect(bad.code).toBe(7);
    expect(bad.stdout).toMatch(
      /^accuracy, original, fog, clean: 90\.00 % \(80\.00 to 100\.00\) recorded, now /,
    );
    expect(errorOf(bad)).toMatch(
      /^PN700 not reproduced on another engine: 1 of 50 accuracies outside the recorded 95 % intervals\n/,
    );
  });

  it('a record that was moved: needs the experiment file, and the recorded weights', async () => {
    const rig = await open();
    await cp(rig.path('results/tiny'), rig.path('elsewhere/deep/tiny'), { recursive: true });
    const lost = await reproduce(rig, '', 'elsewhere/deep/tiny');
    expect([lost.code, lost.stderr.split('\n').at(-2)]).toEqual([
      2,
      '  Where it is elsewhere now, give the experiment file that names it: --config FILE',
    ]);
    const found = await reproduce(rig, '--config tiny.yaml', 'elsewhere/deep/tiny');
    expect([found.code, found.stdout.split(':')[1]]).toEqual([0, ' reproduced']);

    await rig.write({ 'other.yaml': experiment.replace('repeats: 1', 'repeats: 1\nseed: 2') });
    const refused = await reproduce(rig, '--config other.yaml');
    expect([refused.code, refused.stderr]).toEqual([
      2,
      'PN285 not the recorded experiment: other values of seed\n  at other.yaml and results/tiny/resolved.yaml\n' +
        '  Give the file of that experiment, or set its values back.\n',
    ]);

    await tamper(rig, 'results/tiny/manifest.json', /("files": \[\s*")[0-9a-f]{8}/, '$100000000');
    const weights = await reproduce(rig);
    expect(weights.code).toBe(3);
    expect(errorOf(weights)).toMatch(
      /^PN392 a file is not the one of the record\n {2}at .*weights\/network\.safetensors, SHA-256 [0-9a-f]{64}\n/,
    );
  });

  it.each([
    ['--only snow', 'PN284 the record has no environment "snow"\n  It has fog, contrast, two.\n'],
    [
      '--out results/tiny',
      /^PN283 the new results would take the place of the record\n {2}at .*results\/tiny\n {2}Give --out another folder\.\n$/,
    ],
  ])('%s', async (more, stderr) => {
    const outcome = await reproduce(Rig.at(folder), more);
    expect(outcome.code).toBe(2);
    if (typeof stderr === 'string') expect(outcome.stderr).toBe(stderr);
    else expect(outcome.stderr).toMatch(stderr);
  });
});
