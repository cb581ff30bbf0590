import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { buildReport } from '../../../src/report/index.js';
import { few, quick, sample } from '../../golden/report/sample.js';

it('docs/results.md tells of every file of the results', () => {
  const { files } = buildReport(
    sample({ environments: quick, behaviours: few, repeats: 1, images: 20, classes: 2, isTrained: true }),
  );
  const beside = ['report.txt', 'times.csv', 'resolved.yaml', 'manifest.json'];
  const page = readFileSync('docs/results.md', 'utf8');
  const untold = [...Object.keys(files), ...beside].filter((name) => !page.includes(`\`${name}\``));
  expect(untold).toEqual([]);
});
