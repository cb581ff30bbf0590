import { chmod, rm } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { loadExperiment } from '../../src/experiment/load.js';
import { resolvedYaml } from '../../src/experiment/resolved.js';
import { writeMadeUpResults } from '../support/made-up-results.js';
import { Rig } from '../support/rig.js';

const experiment =
  'name: sample\ndataset: { name: shapes }\nnetwork: { name: allconvnet, pretrain: { epochs: 1 } }\nsearch: { scoreSamples: 8 }\n';

/** A folder with an experiment and its results, and the page that was written with them. */
async function open(): Promise<{ rig: Rig; page: string }> {
  const rig = await Rig.open();
  await rig.write({ 'sample.yaml': experiment });
  const dir = rig.path('results/sample');
  await writeMadeUpResults(dir, resolvedYaml(await loadExperiment(rig.path('sample.yaml')), dir));
  const page = await rig.read('results/sample/report.html');
  await rm(rig.path('results/sample/report.html'));
  return { rig, page };
}

describe('patchnas report', () => {
  it.each(['sample.yaml', 'results/sample'])('writes the page of %s as the run did', async (of) => {
    const { rig, page } = await open();
    expect(await rig.run(`report ${of}`)).toEqual({
      code: 0,
      signal: null,
      stdout: 'results/sample/report.html\n',
      stderr: '',
    });
    expect(await rig.read('results/sample/report.html')).toBe(page);
  });

  it('opens it where a desktop can', async () => {
    const { rig } = await open();
    await rig.write({ 'bin/xdg-open': '#!/bin/sh\necho "$1" > opened.new && mv opened.new opened\n' });
    await chmod(rig.path('bin/xdg-open'), 0o755);
    const opened = await rig.run('report results/sample --open', {
      env: { PATH: `${rig.path('bin')}:/usr/bin:/bin` },
    });
    expect([opened.code, opened.stderr]).toEqual([0, '']);
    await expect.poll(() => rig.read('opened')).toBe(`${rig.path('results/sample/report.html')}\n`);
  });

  it('says how to open it by hand where none can', async () => {
    const { rig } = await open();
    const failed = await rig.run('report results/sample --open', { env: { PATH: rig.path('nothing') } });
    expect([failed.code, failed.stdout, failed.stderr]).toEqual([
      2,
      'results/sample/report.html\n',
      'PN286 nothing here can open a page: there is no xdg-open\n' +
        `  Open it in a browser: file://${rig.path('results/sample/report.html')}\n`,
    ]);
  });

  it('an experiment that has not been run, or not with these values', async () => {
    const { rig } = await open();
    await rig.write({ 'sample.yaml': `${experiment}seed: 2\n` });
    const { code, stderr } = await rig.run('report sample.yaml');
    expect([code, stderr]).toEqual([
      3,
      'PN394 there are no results of this experiment, sample\n' +
        `  at ${rig.path('results/sample')}\n` +
        '  Run it first with "patchnas run", or give the folder of results itself.\n',
    ]);
  });

  it('a folder without results', async () => {
    const { rig } = await open();
    const { code, stderr } = await rig.run('report results');
    expect([code, stderr]).toEqual([
      3,
      'PN390 no results here: there is no tables.json\n' +
        `  at ${rig.path('results')}\n` +
        '  Give a folder that "patchnas run" wrote, such as results/quickstart.\n',
    ]);
  });
});
