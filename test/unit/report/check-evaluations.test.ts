import { expect, test } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { checkEvaluations } from '../../../src/report/check-evaluations.js';
import type { Evaluation } from '../../../src/report/index.js';
import { evaluation, type Row } from './evaluations.js';

const noisy: Row[] = [
  [0, 1, 0, 1, 0],
  [1, 1, 1, 1, 1],
];
const good = evaluation({ noisy });

function messageOf(evaluations: readonly Evaluation[]): string {
  try {
    checkEvaluations(evaluations);
  } catch (error) {
    return formatError(error);
  }
  return 'no error';
}

test('methods on the same samples pass', () => {
  const other = evaluation({ noisy: [...noisy], method: 'original' });
  expect(messageOf([good, other, { ...good, repeat: 1 }])).toBe('no error');
});

test('the same evaluation twice', () => {
  expect(messageOf([good, good])).toBe(
    'PN140 the same evaluation twice\n  at evaluation of patchnas in fog, repeat 0',
  );
});

test('arrays of other lengths', () => {
  const bad = { ...good, clean: { ...good.clean, flagged: new Uint8Array(1) } };
  expect(messageOf([bad])).toBe(
    'PN141 labels, original, repaired and flagged of lengths 2, 2, 2, 1\n  at evaluation of patchnas in fog, repeat 0',
  );
  expect(messageOf([{ ...good, noisy: { ...good.noisy, severity: new Uint8Array(3) } }])).toContain('PN141');
});

test('base images of the clean test set beside others', () => {
  const others: Row[] = [
    [2, 1, 0, 0, 0],
    [7, 1, 1, 1, 1],
  ];
  expect(messageOf([evaluation({ noisy: others })])).toBe('no error');
  expect(messageOf([evaluation({ noisy: [...others, [1, 1, 0, 0, 0]] })])).toBe(
    'PN142 only some base images are of the clean test set, which has 2\n  at evaluation of patchnas in fog, repeat 0',
  );
});

test('methods on other samples', () => {
  const other = evaluation({ noisy: [...noisy].reverse(), method: 'original' });
  expect(messageOf([good, other])).toBe(
    'PN143 other samples than those of patchnas\n  at evaluation of original in fog, repeat 0',
  );
});
