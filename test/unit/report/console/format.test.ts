import { expect, test } from 'vitest';

import {
  count,
  percent,
  percentSpread,
  points,
  pointsInterval,
  scopeHeading,
} from '../../../../src/report/console/format.js';

test('shares, with the standard deviation where there is one', () => {
  expect(percent(0.37384)).toBe('37.38');
  expect(percent(undefined)).toBe('');
  expect(percentSpread({ mean: 0.5, sd: undefined, repeats: 1 })).toBe('50.00');
  expect(percentSpread({ mean: 0.5, sd: 0.00414, repeats: 3 })).toBe('50.00 ±0.41');
});

test('differences have a sign, but not 0', () => {
  expect([0.012, -0.012, 0, 0.00001, -0.00001].map(points)).toEqual([
    '+1.20',
    '-1.20',
    '0.00',
    '0.00',
    '0.00',
  ]);
  expect(pointsInterval({ low: -0.01, high: 0.02 })).toBe('-1.00 to +2.00');
  expect(pointsInterval({})).toBe('');
});

test('counts are grouped; means of counts have a decimal', () => {
  expect([0, 999, 1000, 1234567, 2558.333, 0.5].map(count)).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
    '2,558.3',
    '0.5',
  ]);
});

test('an environment that the defaults were chosen on has an asterisk, long and short', () => {
  expect(scopeHeading({ name: 'contrast', kind: 'noise', isSeen: true })).toEqual({
    full: 'contrast*',
    short: 'CO*',
  });
  expect(scopeHeading({ name: 'average', kind: 'average', isSeen: true })).toEqual({
    full: 'average',
    short: 'avg.',
  });
  expect(scopeHeading({ name: 'all15', kind: 'mixture', isSeen: true })).toEqual({ full: 'all15*' });
});
