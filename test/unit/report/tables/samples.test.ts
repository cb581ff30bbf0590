import { expect, test } from 'vitest';

import { scopesOf } from '../../../../src/report/scopes.js';
import { samplesRows } from '../../../../src/report/tables/samples.js';
import { environment, evaluation, method } from '../evaluations.js';

// Table 3 of the paper: samples used, and its percentage, which is of D_t and D_e together.
test.each([
  ['AllConvNet', 100, 2747, 50000, 5.494, 2847, 5.68],
  ['WRN-40-2', 100, 2575, 50000, 5.15, 2675, 5.34],
  ['DenseNet', 100, 1582, 50000, 3.164, 1682, 3.36],
  ['MobileNet-V2', 2000, 3495, 100000, 3.495, 5495, 5.39],
])('%s', (_, failures, triggered, trainingSet, ofTrainingSet, used, ofAll) => {
  const samples = { failures, triggered, trainingSet };
  const [row] = samplesRows([evaluation({ samples })], [method('patchnas')], scopesOf([environment('fog')]));
  expect(row!.used.mean).toBe(used);
  expect(row!.shareOfTrainingSet.mean * 100).toBeCloseTo(ofTrainingSet, 10);
  expect((row!.shareOfAll.mean * 100).toFixed(2)).toBe(ofAll.toFixed(2));
});

test('a method that uses nothing uses 0 %', () => {
  const [row] = samplesRows([evaluation()], [method('patchnas')], scopesOf([environment('fog')]));
  expect(row!.shareOfAll.mean).toBe(0);
});
