import { describe, expect, it } from 'vitest';

import { Rng } from '../../src/core/rng.js';
import { splitSamples, type SampleSplit, type SplitRequest } from '../../src/repair/split.js';

const seeds = Array.from({ length: 40 }, (_, seed) => seed);

/** Images at several severities with random failures, as an environment has them, and random settings. */
function draw(seed: number): Omit<SplitRequest, 'groupBy' | 'rng'> {
  const rng = new Rng(seed, 'property/split');
  const images = 10 + rng.int(60);
  const severities = 1 + rng.int(5);
  const failing = rng.uniform(0.2, 0.9);
  const chosen = rng.sample(1000, images).sort();
  return {
    baseImage: Uint32Array.from({ length: images * severities }, (_, n) => chosen[n % images]!),
    isFailure: Uint8Array.from({ length: images * severities }, () => (rng.bernoulli(failing) ? 1 : 0)),
    unlabeled: rng.uniform(0.1, 0.9),
    failures: 1 + rng.int(20),
  };
}

const split = (request: ReturnType<typeof draw>, groupBy: 'none' | 'image', seed: number): SampleSplit =>
  splitSamples({ ...request, groupBy, rng: new Rng(seed, 'split') });

const partsOf = ({ unlabeled, failures, heldOut, right }: SampleSplit) => ({
  unlabeled,
  failures,
  heldOut,
  right,
});

describe.each(['none', 'image'] as const)('splits by %s', (groupBy) => {
  it.each(seeds)('seed %i: are disjoint, sorted, and of the right kind, as their counts say', (seed) => {
    const request = draw(seed);
    const result = split(request, groupBy, seed);
    const parts = partsOf(result);
    const all = Object.values(parts).flatMap((part) => [...part]);
    expect(new Set(all).size).toBe(all.length);
    expect(all.every((n) => n < request.baseImage.length)).toBe(true);
    for (const part of Object.values(parts)) expect([...part]).toEqual([...part].sort((a, b) => a - b));
    const failuresIn = (part: Uint32Array) => part.reduce((sum, n) => sum + request.isFailure[n]!, 0);
    expect(failuresIn(parts.failures)).toBe(parts.failures.length);
    expect(failuresIn(parts.heldOut)).toBe(parts.heldOut.length);
    expect(failuresIn(parts.right)).toBe(0);
    const imagesOf = (part: Uint32Array) => new Set([...part].map((n) => request.baseImage[n]!));
    const sharing = (part: Uint32Array, images: ReadonlySet<number>) =>
      [...part].filter((n) => images.has(request.baseImage[n]!)).length;
    expect(result.proof).toEqual({
      samples: request.baseImage.length,
      unlabeled: parts.unlabeled.length,
      failures: parts.failures.length,
      heldOut: parts.heldOut.length,
      rightlyClassified: parts.right.length,
      samplesInTwoParts: 0,
      heldOutSharingImageWithFailures: sharing(parts.heldOut, imagesOf(parts.failures)),
      heldOutSharingImageWithUnlabeled: sharing(parts.heldOut, imagesOf(parts.unlabeled)),
    });
  });

  it.each(seeds.slice(0, 10))('seed %i: are the same again, and others for another seed', (seed) => {
    const request = draw(seed);
    const first = split(request, groupBy, seed);
    expect(split(request, groupBy, seed)).toEqual(first);
    expect(partsOf(split(request, groupBy, seed + 1000))).not.toEqual(partsOf(first));
  });
});

describe('splits by sample', () => {
  it.each(seeds)('seed %i: place every sample, and give D_u and D_e their sizes', (seed) => {
    const request = draw(seed);
    const { unlabeled, failures, heldOut, right } = split(request, 'none', seed);
    const count = request.baseImage.length;
    expect(unlabeled.length).toBe(Math.round(count * request.unlabeled));
    expect(unlabeled.length + failures.length + heldOut.length + right.length).toBe(count);
    const inUnlabeled = new Set(unlabeled);
    const labelledFailures = [...request.isFailure.keys()].filter(
      (n) => request.isFailure[n] === 1 && !inUnlabeled.has(n),
    );
    expect(failures.length).toBe(Math.min(request.failures, labelledFailures.length));
  });
});

describe('splits by image', () => {
  it.each(seeds)('seed %i: no image is in two of D_u, D_e and the rest', (seed) => {
    const request = draw(seed);
    const { unlabeled, failures, heldOut, right } = split(request, 'image', seed);
    const images = (...parts: Uint32Array[]) =>
      new Set(parts.flatMap((part) => [...part].map((n) => request.baseImage[n]!)));
    const [u, e, rest] = [images(unlabeled), images(failures), images(heldOut, right)];
    expect([...u].filter((image) => e.has(image) || rest.has(image))).toEqual([]);
    expect([...e].filter((image) => rest.has(image))).toEqual([]);
    expect(e.size).toBe(failures.length); // one sample of an image
    const total = new Set(request.baseImage).size;
    expect(u.size).toBe(Math.round(total * request.unlabeled));
    expect(u.size + e.size + rest.size).toBe(total);
    // What is placed nowhere are the other samples of D_e's images.
    const placed = unlabeled.length + failures.length + heldOut.length + right.length;
    const ofFailures = [...request.baseImage].filter((image) => e.has(image)).length;
    expect(request.baseImage.length - placed).toBe(ofFailures - failures.length);
  });
});
