import { describe, expect, it } from 'vitest';

import { drawCentres, kMeans } from '../../../../src/baselines/math/k-means.js';
import { standardise } from '../../../../src/baselines/math/standardise.js';
import { Rng } from '../../../../src/core/rng.js';
import { expectClose } from '../../../support/arrays.js';
import { photoPoints, pointsOf, referenceJson } from '../../../support/points.js';

interface Found {
  readonly centres: number[][];
  readonly labels: number[];
  readonly inertia: number;
}
/** Made with scikit-learn. */
const reference = referenceJson('k-means.json') as Record<'near' | 'far', Found & { start: number[][] }> & {
  points: number[][];
  photos: Found;
};
const points = pointsOf(reference.points);

describe('kMeans', () => {
  it.each(['near', 'far'] as const)('gives the clusters of scikit-learn from centres that are %s', (name) => {
    const { start, centres, labels, inertia } = reference[name];
    const found = kMeans(points, pointsOf(start));
    expect([...found.labels]).toEqual(labels);
    expectClose(found.centres.data, centres.flat(), 1e-13);
    expectClose([found.inertia], [inertia], 1e-13);
  });

  it('gives the clusters of scikit-learn for standardised photos', async () => {
    const standard = standardise(await photoPoints());
    const found = kMeans(standard, { shape: [5, 3072], data: standard.data.slice(0, 5 * 3072) });
    expect([...found.labels]).toEqual(reference.photos.labels);
    const first = reference.photos.centres.map((_, c) => [
      ...found.centres.data.slice(c * 3072, c * 3072 + 6),
    ]);
    expectClose(first.flat(), reference.photos.centres.flat(), 1e-12);
    expectClose([found.inertia], [reference.photos.inertia], 1e-12);
  });

  it('leaves clusters without points where there are fewer different points than clusters', () => {
    const twice = pointsOf([[1], [1], [4]]);
    const { labels, inertia } = kMeans(twice, pointsOf([[1], [1], [4]]));
    expect([...labels]).toEqual([0, 0, 2]);
    expect(inertia).toBe(0);
  });

  it('fills an empty cluster from one that has other points', () => {
    const { centres, labels } = kMeans(pointsOf([[0], [0.5], [9]]), pointsOf([[0], [4], [200]]));
    expect([...labels]).toEqual([0, 2, 1]); // 9 is farther from its centre than 0.5, but alone there
    expect([...centres.data]).toEqual([0, 9, 0.5]);
  });
});

describe('drawCentres', () => {
  const corners = pointsOf([
    [0, 0],
    [0, 0],
    [3, 0],
    [0, 4],
  ]);
  const drawn = (k: number, seed: number) => drawCentres(new Rng(seed, 'centres'), corners, k);

  it('draws the same points for the same stream, and different ones while there are any', () => {
    expect(drawn(3, 1)).toEqual(drawn(3, 1));
    for (let seed = 0; seed < 50; seed++) {
      const { shape, data } = drawn(3, seed);
      expect(shape).toEqual([3, 2]);
      const rows = [0, 1, 2].map((c) => [...data.slice(2 * c, 2 * c + 2)].join());
      expect(rows.sort()).toEqual(['0,0', '0,4', '3,0']);
    }
  });

  it('draws the second in proportion to the squared distance', () => {
    let [far, near] = [0, 0];
    for (let seed = 0; seed < 2000; seed++) {
      const [x, y, , second] = drawn(2, seed).data;
      if (x !== 0 || y !== 0) continue;
      if (second === 4) far++;
      else near++;
    }
    expect(far + near).toBeGreaterThan(900); // half of the points lie there
    expect(Math.abs(far / (far + near) - 16 / 25)).toBeLessThan(0.05); // over 3 standard deviations
  });

  it('goes on when all points are taken', () => {
    const { data } = drawCentres(new Rng(1, 'centres'), pointsOf([[7], [7]]), 2);
    expect([...data]).toEqual([7, 7]);
  });
});
