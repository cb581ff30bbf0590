import { expect, test } from 'vitest';

import { scopesOf } from '../../../../src/report/scopes.js';
import { parametersRows } from '../../../../src/report/tables/parameters.js';
import { environment, evaluation, method } from '../evaluations.js';

test('overhead is what is sent, of the original; buffers are in no other figure', () => {
  const sizes = [
    { probesAndGate: 60, patch: 70, buffers: 9, trained: 70, transferred: 130 },
    { probesAndGate: 60, patch: 90, buffers: 9, trained: 90, transferred: 150 },
  ];
  const rows = parametersRows(
    sizes.map((parameters, repeat) => evaluation({ parameters, repeat })),
    [method('patchnas')],
    scopesOf([environment('fog')]),
    () => false,
  );
  expect(rows).toEqual([
    {
      scope: 'fog',
      method: 'patchnas',
      repeats: 2,
      original: 1000,
      probesAndGate: 60,
      patch: { mean: 80, sd: Math.sqrt(200), repeats: 2, smallest: 70, largest: 90 },
      buffers: { mean: 9, sd: 0, repeats: 2 },
      trained: { mean: 80, sd: Math.sqrt(200), repeats: 2 },
      transferred: { mean: 140, sd: Math.sqrt(200), repeats: 2 },
      overhead: { mean: 0.14, sd: expect.closeTo(Math.sqrt(200) / 1000, 12) as number, repeats: 2 },
      isSearchTrained: false,
    },
  ]);
});
