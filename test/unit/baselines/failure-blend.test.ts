import { describe, expect, it } from 'vitest';

import {
  applyFailureBlend,
  drawFailure,
  drawFailureBlend,
  failureBlendMix,
  fitFailures,
} from '../../../src/baselines/failure-blend.js';
import { Rng } from '../../../src/core/rng.js';
import { augmixViews } from '../../../src/nn/augmix/views.js';
import { normalisedBytes, rows } from '../../../src/nn/batch.js';
import { expectClose } from '../../support/arrays.js';
import { randomImage, randomImages } from '../../support/images.js';

const size = { height: 6, width: 5 };
const length = 6 * 5 * 3;
const tables = normalisedBytes({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 0.5] });
const normalised = (image: Uint8Array) => Float32Array.from(image, (v, i) => tables[i % 3]![v]!);
const failures = randomImages(new Rng(1, 'failures'), 12, 6, 5);
const fit = (seed = 1) => fitFailures(failures, { dimensions: 4, components: 3 }, new Rng(seed, 'fit'));

describe('fitFailures', () => {
  it('has the asked-for dimensions and components, and the same ones for the same stream', () => {
    const { pca, mixture } = fit();
    expect(pca.directions.shape).toEqual([4, length]);
    expect(mixture.means.shape).toEqual([3, 4]);
    expectClose([mixture.weights.reduce((a, b) => a + b, 0)], [1], 1e-12);
    expect(fit()).toEqual(fit());
  });

  it('makes do with fewer failures than it is asked for dimensions and components', () => {
    const { pca, mixture } = fitFailures(
      rows(failures, 0, 3),
      { dimensions: 32, components: 5 },
      new Rng(1, 'fit'),
    );
    expect(pca.directions.shape).toEqual([2, length]); // three points lie in a plane
    expect(mixture.means.shape).toEqual([3, 2]);
  });
});

describe('drawFailure', () => {
  it('draws one of two failures where there are no others', () => {
    // Each is a component of its own, with the smallest variance.
    const two = {
      shape: [2, 6, 5, 3],
      data: new Uint8Array(2 * length).fill(40, 0, length).fill(200, length),
    };
    const model = fitFailures(two, { dimensions: 4, components: 2 }, new Rng(1, 'fit'));
    const means = new Set<number>();
    for (let k = 0; k < 20; k++) {
      const drawn = drawFailure(new Rng(k, 'draw'), model);
      const mean = drawn.reduce((a, b) => a + b, 0) / length;
      means.add(mean < 120 ? 40 : 200);
      expect(Math.min(Math.abs(mean - 40), Math.abs(mean - 200))).toBeLessThan(4);
    }
    expect(means.size).toBe(2);
  });
});

describe('drawFailureBlend', () => {
  const model = fit();
  const drawn = Array.from({ length: 3000 }, (_, k) =>
    drawFailureBlend(new Rng(1, `blend/${k}`), size, model),
  );

  it('draws the same for the same stream', () => {
    expect(drawFailureBlend(new Rng(1, 'blend/0'), size, model)).toEqual(drawn[0]);
    expect(drawn[1]).not.toEqual(drawn[0]);
  });

  it('has four weights that add up to 1 and a share of the failure of Beta(1, 3)', () => {
    for (const { weights, chains } of drawn) {
      expect([weights.length, chains.length]).toEqual([4, 3]);
      expectClose([weights.reduce((a, b) => a + b, 0)], [1], 1e-12);
    }
    // P(share <= b) = 1 - (1 - b)^3
    for (const b of [0.1, 0.25, 0.5]) {
      const share = drawn.filter(({ failureShare }) => failureShare <= b).length / drawn.length;
      expect(Math.abs(share - (1 - (1 - b) ** 3))).toBeLessThan(0.03); // over 3 standard deviations
    }
  });
});

describe('applyFailureBlend', () => {
  const image = randomImage(new Rng(1, 'image'), 6, 5);
  const failure = randomImage(new Rng(2, 'image'), 6, 5);

  it('is the published sum of AugMix with a fourth part', () => {
    const mixture = {
      share: 0.8,
      chains: [[], [{ operation: 'solarize', amount: 0 }], []],
      weights: [0.1, 0.2, 0.3, 0.4],
      failureShare: 0.25,
      failure,
    };
    const out = new Float32Array(length).fill(9);
    applyFailureBlend(image, size, mixture, tables, out);
    const inverted = normalised(image.map((v) => 255 - v));
    const [x, g] = [normalised(image), normalised(failure)];
    const expected = x.map(
      (v, i) => 0.2 * v + 0.8 * (0.4 * v + 0.2 * inverted[i]! + 0.4 * (0.75 * v + 0.25 * g[i]!)),
    );
    expectClose(out, expected, 1e-6);
  });

  it('makes the mixtures of the views of a batch', () => {
    const model = fit();
    const images = { shape: [1, 6, 5, 3], data: image };
    const mix = failureBlendMix(model);
    const { data, shape } = augmixViews({
      images,
      indices: [0],
      normalisation: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 0.5] },
      mixtures: 2,
      hasClean: true,
      rng: new Rng(1, 'views'),
      mix,
    });
    expect(shape).toEqual([3, 6, 5, 3]);
    const [clean, first, second] = [0, 1, 2].map((k) => data.slice(k * length, (k + 1) * length));
    expect(first).not.toEqual(clean);
    expect(second).not.toEqual(first);
    expect(data.every(Number.isFinite)).toBe(true);
  });
});
