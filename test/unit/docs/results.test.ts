import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { buildReport, figureFiles, timesFigureFiles } from '../../../src/report/index.js';
import { figureData } from '../../golden/report/figure-data.js';
import { few, quick, sample } from '../../golden/report/sample.js';

it('docs/results.md tells of every file of the results', async () => {
  const input = sample({
    environments: quick,
    behaviours: few,
    repeats: 1,
    images: 20,
    classes: 2,
    isTrained: true,
  });
  const { files } = buildReport(input);
  const figures = { ...(await figureFiles(figureData(input))), ...(await timesFigureFiles('', input.times)) };
  const named = Object.keys(figures).map((file) =>
    file
      .replace('figures/', '')
      .replace(/^(cell|samples)-(gaussian_noise|fog|contrast)/, '$1-ENVIRONMENT')
      .replace('-r0', '-rREPEAT'),
  );
  const beside = ['report.txt', 'report.html', 'times.csv', 'resolved.yaml', 'manifest.json'];
  const page = readFileSync('docs/results.md', 'utf8');
  const untold = [...Object.keys(files), ...named, ...beside].filter((name) => !page.includes(`\`${name}\``));
  expect(untold).toEqual([]);
});
