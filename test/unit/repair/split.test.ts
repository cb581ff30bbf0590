import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { splitSamples } from '../../../src/repair/split.js';

/** Four images at two severities; every sample of the last two images is a failure. */
const samples = {
  baseImage: Uint32Array.of(10, 11, 12, 13, 10, 11, 12, 13),
  isFailure: Uint8Array.of(0, 0, 1, 1, 0, 0, 1, 1),
};

describe('splitSamples', () => {
  it('gives the failures that there are when more are asked for', () => {
    const { failures, heldOut, unlabeled } = splitSamples({
      ...samples,
      unlabeled: 0.25,
      failures: 99,
      groupBy: 'none',
      rng: new Rng(1, 'split'),
    });
    const labelled = [2, 3, 6, 7].filter((n) => !unlabeled.includes(n));
    expect(unlabeled.length).toBe(2);
    expect([...failures]).toEqual(labelled);
    expect(heldOut.length).toBe(0);
  });

  it('by image leaves the other severities of a failure of D_e to nobody', () => {
    const { failures, heldOut, unlabeled, right, proof } = splitSamples({
      ...samples,
      isFailure: new Uint8Array(8).fill(1),
      unlabeled: 0.5,
      failures: 1,
      groupBy: 'image',
      rng: new Rng(1, 'split'),
    });
    expect([unlabeled.length, failures.length, heldOut.length, right.length]).toEqual([4, 1, 2, 0]);
    const twin = (failures[0]! + 4) % 8;
    expect([...unlabeled, ...heldOut]).not.toContain(twin);
    expect(proof.heldOutSharingImageWithFailures).toBe(0);
    expect(proof.heldOutSharingImageWithUnlabeled).toBe(0);
  });

  it('draws D_e alike, whatever is asked for: fewer are a part of more', () => {
    const many = {
      baseImage: Uint32Array.from({ length: 100 }, (_, n) => n),
      isFailure: new Uint8Array(100).fill(1),
    };
    const draw = (failures: number) =>
      splitSamples({ ...many, unlabeled: 0.5, failures, groupBy: 'none', rng: new Rng(3, 'split') });
    const [few, more] = [draw(5), draw(20)];
    expect(more.unlabeled).toEqual(few.unlabeled);
    expect([...few.failures].every((n) => more.failures.includes(n))).toBe(true);
  });
});
