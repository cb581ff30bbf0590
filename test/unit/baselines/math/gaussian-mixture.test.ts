import { describe, expect, it } from 'vitest';

import { drawPoint, fitMixture, mixtureOfClusters } from '../../../../src/baselines/math/gaussian-mixture.js';
import { Rng } from '../../../../src/core/rng.js';
import { expectClose } from '../../../support/arrays.js';
import { pointsOf, referenceJson } from '../../../support/points.js';

interface Mixture {
  readonly weights: number[];
  readonly means: number[][];
  readonly variances: number[][];
}
/** Made with scikit-learn. */
const reference = referenceJson('gaussian-mixture.json') as {
  points: number[][];
  start: Mixture;
  fits: (Mixture & { iterations: number; tolerance: number; logDensity: number })[];
};
const points = pointsOf(reference.points);
const mixtureOf = ({ weights, means, variances }: Mixture) => ({
  weights: Float64Array.from(weights),
  means: pointsOf(means),
  variances: pointsOf(variances),
});

describe('fitMixture', () => {
  it.each(reference.fits)(
    'gives the mixture of scikit-learn after $iterations iterations, tolerance $tolerance',
    ({ iterations, tolerance, ...expected }) => {
      const start = mixtureOf(reference.start);
      const found = fitMixture(points, start, { floor: 1e-4, iterations, tolerance });
      expectClose(found.weights, expected.weights, 1e-12);
      expectClose(found.means.data, expected.means.flat(), 1e-12);
      expectClose(found.variances.data, expected.variances.flat(), 1e-12);
      expectClose([found.logDensity], [expected.logDensity], 1e-12);
    },
  );

  it('holds the variance of points that are all the same at the floor', () => {
    const same = pointsOf([
      [2, 3],
      [2, 3],
    ]);
    const start = mixtureOfClusters(same, [0, 0], 2, 1e-4);
    const { weights, means, variances } = fitMixture(same, start, {
      floor: 1e-4,
      iterations: 3,
      tolerance: 0,
    });
    expectClose(weights, [1, 0], 1e-12);
    expectClose(means.data.slice(0, 2), [2, 3], 1e-12);
    expectClose(variances.data.slice(0, 2), [1e-4, 1e-4], 1e-12);
  });
});

describe('mixtureOfClusters', () => {
  it('has share, mean and variance of every cluster', () => {
    const { weights, means, variances } = mixtureOfClusters(
      pointsOf([[1], [3], [10], [5]]),
      [0, 0, 1, 0],
      2,
      0.5,
    );
    expectClose(weights, [0.75, 0.25], 1e-12);
    expectClose(means.data, [3, 10], 1e-12);
    expectClose(variances.data, [8 / 3 + 0.5, 0.5], 1e-12);
  });
});

describe('drawPoint', () => {
  const mixture = mixtureOf({
    weights: [0.2, 0.8],
    means: [
      [-50, 0],
      [50, 7],
    ],
    variances: [
      [1, 1],
      [9, 0.25],
    ],
  });
  const drawn = Array.from({ length: 4000 }, (_, k) => drawPoint(new Rng(1, `points/${k}`), mixture));
  const right = drawn.filter(([x]) => x! > 0);
  const moments = (values: readonly number[]) => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    return [mean, values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length] as const;
  };

  it('draws the same for the same stream', () => {
    expect(drawPoint(new Rng(1, 'points/0'), mixture)).toEqual(drawn[0]);
    expect(drawn[1]).not.toEqual(drawn[0]);
  });

  it('draws components by their weights and numbers by their mean and variance', () => {
    expect(Math.abs(right.length / 4000 - 0.8)).toBeLessThan(0.02); // over 3 standard deviations, as all below
    const [meanX, varianceX] = moments(right.map(([x]) => x!));
    const [meanY, varianceY] = moments(right.map(([, y]) => y!));
    expect(Math.abs(meanX - 50)).toBeLessThan(0.17);
    expect(Math.abs(varianceX - 9)).toBeLessThan(0.7);
    expect(Math.abs(meanY - 7)).toBeLessThan(0.03);
    expect(Math.abs(varianceY - 0.25)).toBeLessThan(0.02);
  });
});
