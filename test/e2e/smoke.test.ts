import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { describe, expect, it } from 'vitest';

import { cacheDir } from '../support/cache-dir.js';
import { Rig } from '../support/rig.js';

/** The quickest two of configs/smoke; the others differ from allconv by their networks alone. */
describe.each(['allconv', 'mobilenet-v2'])('configs/smoke/%s.yaml', (name) => {
  it('goes from training to tables', { timeout: 300_000 }, async () => {
    const config = resolve(`configs/smoke/${name}.yaml`);
    const rig = await Rig.open();
    const { code, stderr, stdout } = await rig.run(
      `run ${config} --offline --store store --out out --renderer json`,
      {
        env: { PATCHNAS_CACHE: cacheDir },
      },
    );
    expect([code, stderr]).toEqual([0, '']);
    const table = (await readFile(join(rig.path('out'), 'table-1.csv'), 'utf8')).trimEnd().split('\n');
    for (const method of [
      'patchnas',
      'augmix-balanced',
      'original',
      'finetune',
      'patch-random',
      'gate-always',
    ])
      expect(table.filter((row) => row.includes(method)).length).toBeGreaterThan(0);

    const said: Record<string, string> = { stdout };
    for (const file of ['report.txt', 'report.html', 'table-1.csv', 'tables.json', 'times.csv'])
      said[file] = await readFile(join(rig.path('out'), file), 'utf8');
    for (const format of ['console', 'latex', 'markdown', 'csv'])
      said[`tables --format ${format}`] = (await rig.run(`tables out --format ${format}`)).stdout;
    const marked = Object.keys(said).filter((where) => said[where]!.includes('SYNTHETIC'));
    expect(marked).toEqual(name === 'mobilenet-v2' ? Object.keys(said) : []);
  });
});
