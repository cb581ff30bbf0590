import { describe, expect, it } from 'vitest';

import { didYouMean, editDistance } from '../../../src/core/did-you-mean.js';

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['fog', 'fog', 0],
    ['', 'fog', 3],
    ['fogg', 'fog', 1],
    ['fg', 'fog', 1],
    ['fig', 'fog', 1],
    ['widht', 'width', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('%s to %s takes %i edits', (a, b, edits) => {
    expect(editDistance(a, b)).toBe(edits);
    expect(editDistance(b, a)).toBe(edits);
  });
});

describe('didYouMean', () => {
  const names = ['gaussian_noise', 'fog', 'frost', 'snow', 'contrast'];

  it.each([
    ['fogg', 'fog'],
    ['gausian_noise', 'gaussian_noise'],
    ['Gaussian-Noise', 'gaussian_noise'],
    ['gaussian', 'gaussian_noise'],
    ['contarst', 'contrast'],
    ['forst', 'frost'],
  ])('%s is %s', (word, meant) => expect(didYouMean(word, names)).toBe(meant));

  it.each(['rain', 'x', '', 'brightness'])('%s is nothing that is there', (word) =>
    expect(didYouMean(word, names)).toBeUndefined(),
  );

  it('prefers the nearer name', () => expect(didYouMean('snog', ['snow', 'song', 'snogs'])).toBe('snow'));
});
