import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { recordedSettings, settingDifferences } from '../../../src/experiment/compare-results.js';
import { checkSources } from '../../../src/experiment/reproduce.js';

const manifest = {
  ...{ name: 'tiny', seed: 1, command: 'patchnas run tiny.yaml', patchnas: '0.1.0', node: '20.20.2' },
  ...{ engine: {}, dataset: 'd1', files: ['f1', 'f2'], stages: [] },
};

function told(datasetDigest: string, files: Record<string, string>): string {
  try {
    checkSources('results/tiny', { tasks: [], files, datasetDigest }, manifest);
  } catch (error) {
    return formatError(error);
  }
  return 'fine';
}

test('the recorded files, or fewer of them', () => {
  expect(told('d1', { f1: '/a', f2: '/b' })).toBe('fine');
  expect(told('d1', {})).toBe('fine');
});

test('other files and other data', () => {
  expect(told('d1', { f1: '/a', f3: '/net.safetensors' })).toBe(
    'PN392 a file is not the one of the record\n  at /net.safetensors, SHA-256 f3\n' +
      '  Put the recorded file there, or give the experiment file that names it: --config FILE',
  );
  expect(told('d2', {})).toBe(
    'PN393 the data set is not that of the record\n  at results/tiny/manifest.json: dataset d1, here d2\n' +
      '  Its figures can only be reproduced with the same bytes: patchnas data verify tells whether they are whole.',
  );
});

test('settings that came after the record are at their defaults', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'patchnas-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const recorded = async (text: string) => {
    await writeFile(join(dir, 'resolved.yaml'), text);
    return recordedSettings(dir);
  };
  const now = await recorded('name: tiny\ntrain:\n  epochs: 8\n  failureShare: 0.25\n');
  expect(settingDifferences(await recorded('name: tiny\ntrain:\n  epochs: 8\n'), now)).toEqual([]);
  expect(settingDifferences(await recorded('name: tiny\ntrain:\n  epochs: 9\n'), now)).toEqual([
    { path: 'train.epochs', before: 9, now: 8 },
  ]);
});
