import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { figureFiles, reportHtml, timesFigureFiles } from '../../../src/report/index.js';
import { pageText } from '../../support/page-text.js';
import { figureData } from './figure-data.js';
import { reportSources } from './report-sources.js';
import { few, fifteen, many, quick, sample } from './sample.js';

const folder = import.meta.dirname;
const small = sample({
  environments: quick,
  behaviours: few,
  repeats: 1,
  images: 30,
  classes: 3,
  isTrained: false,
});
const large = sample({
  environments: fifteen,
  behaviours: many,
  repeats: 2,
  images: 30,
  classes: 3,
  isTrained: true,
  onlyInFour: 'finetune-balanced',
});
const [smallData, largeData] = [figureData(small), figureData(large)];
const smallFiles = {
  ...(await figureFiles(smallData)),
  ...(await timesFigureFiles('allconvnet-w0.25', small.times)),
};

describe('figures of three noises and one repeat', () => {
  test.each(Object.entries(smallFiles))('%s', async (name, text) => {
    await expect(text).toMatchFileSnapshot(join(folder, 'small', name));
  });
});

describe('figures of fifteen noises and their mixture, two repeats', async () => {
  const files = {
    ...(await figureFiles(largeData)),
    ...(await timesFigureFiles('allconvnet-w0.25', large.times)),
  };
  test.each(['figure-4.svg', 'figure-5.svg', 'severity.svg', 'fisher.svg', 'picks.svg', 'search-scores.svg'])(
    '%s',
    async (name) => {
      await expect(files[`figures/${name}`]).toMatchFileSnapshot(join(folder, 'large/figures', name));
    },
  );
  test('has a drawing of the cell for each search and of images for each environment', () => {
    const names = Object.keys(files);
    expect(names.filter((name) => name.includes('/cell-')).length).toBe(16 * 2);
    expect(names.filter((name) => name.includes('/samples-')).length).toBe(16);
  });
});

test('the same data give the same bytes', async () => {
  const again = await figureFiles(figureData(small));
  expect(smallFiles).toMatchObject(again);
});

test('the page as a reader without eyes for form has it', async () => {
  const page = reportHtml(await reportSources(small, smallData));
  await expect(pageText(page)).toMatchFileSnapshot(join(folder, 'small/page.txt'));
});

test('the page of fifteen noises, up to its first table', async () => {
  const page = pageText(reportHtml(await reportSources(large, largeData)));
  await expect(page.slice(0, page.indexOf('\n### '))).toMatchFileSnapshot(
    join(folder, 'large/page-start.txt'),
  );
});
