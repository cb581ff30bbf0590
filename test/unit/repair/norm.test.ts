import type { Rank, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { batchStatistics, runningStatistics } from '../../../src/repair/norm.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();
const { tf } = engine;
const batch = (name: string, shift = 0): Tensor4D =>
  tf.add(randomTensor<Rank.R4>(tf, new Rng(1, name), [2, 3, 3, 2]), shift);

/** Mean and unbiased variance of each channel. */
function statistics(x: Tensor4D): { mean: number[]; variance: number[] } {
  const values = numbers(x);
  const of = (c: number) => values.filter((_, i) => i % 2 === c);
  const mean = [0, 1].map((c) => of(c).reduce((a, b) => a + b, 0) / 18);
  const variance = [0, 1].map((c) => of(c).reduce((sum, v) => sum + (v - mean[c]!) ** 2, 0) / 17);
  return { mean, variance };
}

describe('batchStatistics', () => {
  it('norm by the batch, without scale or shift', () => {
    const norm = batchStatistics(engine);
    const x = batch('a', 3);
    const { mean, variance } = statistics(x);
    const expected = numbers(x).map(
      (v, i) => (v - mean[i % 2]!) / Math.sqrt((variance[i % 2]! * 17) / 18 + 1e-5),
    );
    expectClose(numbers(norm.apply(['anywhere'], x)), expected, 1e-5);
  });
});

describe('runningStatistics', () => {
  const sites = ['cell1.1-2.conv1x1', 'cell1.1-2'];

  it('name a mean and a variance for every stage and site, and train nothing', () => {
    const norm = runningStatistics(engine, sites, 2, 3);
    expect(norm.parameters).toEqual([]);
    expect(norm.buffers.map(({ name, variable }) => [name, variable.shape])).toEqual(
      ['stage1', 'stage2'].flatMap((stage) =>
        sites.flatMap((site) => [
          [`${stage}.${site}.running_mean`, [3]],
          [`${stage}.${site}.running_var`, [3]],
        ]),
      ),
    );
  });

  it('are the plain mean of the first ten batches, then weigh the newest by a tenth', () => {
    const norm = runningStatistics(engine, ['site'], 1, 2);
    const seen: { mean: number[]; variance: number[] }[] = [];
    const [mean, variance] = norm.buffers;
    for (let k = 0; k < 12; k++) {
      const x = batch(`batch/${k}`, k);
      norm.training(0).apply(['site'], x);
      seen.push(statistics(x));
      const upTo = (pick: 'mean' | 'variance', c: number): number => {
        const first = seen.slice(0, 10);
        let value = first.reduce((sum, each) => sum + each[pick][c]!, 0) / first.length;
        for (const later of seen.slice(10)) value = 0.9 * value + 0.1 * later[pick][c]!;
        return value;
      };
      expectClose(numbers(mean!.variable), [upTo('mean', 0), upTo('mean', 1)], 1e-5);
      expectClose(numbers(variance!.variable), [upTo('variance', 0), upTo('variance', 1)], 1e-5);
    }
  });

  it('keep stages and sites apart', () => {
    const norm = runningStatistics(engine, sites, 2, 2);
    norm.training(1).apply([sites[0]!], batch('a', 5));
    const moved = norm.buffers.filter(({ name, variable }) =>
      numbers(variable).some((v) => v !== (name.endsWith('mean') ? 0 : 1)),
    );
    expect(moved.map(({ name }) => name)).toEqual([
      `stage2.${sites[0]}.running_mean`,
      `stage2.${sites[0]}.running_var`,
    ]);
  });

  it('norm several sites side by side as each by itself, in training and in inference', () => {
    const [together, apart] = [0, 1].map(() => runningStatistics(engine, sites, 1, 2));
    const [a, b] = [batch('a', 5), batch('b', -2)];
    const wide = tf.concat([a, b], 3);
    const parts = (y: Tensor4D): number[][] => tf.split(y, 2, 3).map(numbers);
    const expectAlike = (found: number[][], expected: Tensor4D[]): void =>
      expected.forEach((tensor, k) => expectClose(found[k]!, numbers(tensor), 1e-6));
    expectAlike(parts(together!.training(0).apply(sites, wide)), [
      apart!.training(0).apply([sites[0]!], a),
      apart!.training(0).apply([sites[1]!], b),
    ]);
    together!.buffers.forEach(({ variable }, k) =>
      expectClose(numbers(variable), numbers(apart!.buffers[k]!.variable), 1e-6),
    );
    expectAlike(parts(together!.inference(0).apply([...sites].reverse(), wide)), [
      apart!.inference(0).apply([sites[1]!], a),
      apart!.inference(0).apply([sites[0]!], b),
    ]);
  });

  it('norm by what they have kept in inference, and keep no more', () => {
    const norm = runningStatistics(engine, ['site'], 2, 2);
    norm.training(1).apply(['site'], batch('a', 5));
    const { mean, variance } = statistics(batch('a', 5));
    const kept = norm.buffers.map(({ variable }) => numbers(variable));
    const x = batch('b');
    const expected = numbers(x).map((v, i) => (v - mean[i % 2]!) / Math.sqrt(variance[i % 2]! + 1e-5));
    expectClose(numbers(norm.inference(1).apply(['site'], x)), expected, 1e-5);
    const untrained = numbers(x).map((v) => v / Math.sqrt(1 + 1e-5));
    expectClose(numbers(norm.inference(0).apply(['site'], x)), untrained, 1e-6);
    expect(norm.buffers.map(({ variable }) => numbers(variable))).toEqual(kept);
  });

  it.each([
    ['with sums', true],
    ['of one output on one edge', false],
  ])(
    'put both norms of edges %s into one filter in inference, as one after the other within 1e-5',
    (_, isSum) => {
      const edges = isSum ? ['edge1', 'edge2'] : ['edge1'];
      const outputs = isSum ? ['a', 'b', 'c'] : ['a'];
      const norm = runningStatistics(engine, [...outputs, ...edges], 1, 2);
      for (const [k, site] of [...outputs, ...edges].entries())
        norm.training(0).apply([site], tf.mul<Tensor4D>(batch(site, k - 2), k + 1));
      // Two channels behind those of the sites, 0 as a cell fills them up.
      const wide = (maps: Tensor4D[]) => tf.concat([...maps, tf.zeros<Rank.R4>([2, 3, 3, 2])], 3);
      const x = wide(outputs.map((site) => batch(`${site}/x`)));
      // edge1 = a + b, edge2 = b + c, and channels behind them that stay 0.
      const members = [
        [1, 0],
        [1, 1],
        [0, 1],
      ];
      const ones = Array.from({ length: 8 * 6 }, (_, i) => {
        const [row, column] = [Math.floor(i / 6), i % 6];
        return row % 2 === column % 2 ? (members[Math.floor(row / 2)]?.[Math.floor(column / 2)] ?? 0) : 0;
      });
      const selection = isSum ? tf.tensor4d(ones, [1, 1, 8, 6]) : undefined;
      const inference = norm.inference(0);
      const found = inference.edges(outputs, edges, x, selection);
      const normed = inference.apply(outputs, x);
      const sums = selection ? engine.kernels.conv2d(normed, selection, 1, 0) : normed;
      const expected = inference.apply(edges, sums);
      const kept = edges.length * 2;
      const front = (y: Tensor4D) => numbers(tf.slice(y, [0, 0, 0, 0], [-1, -1, -1, kept]));
      expectClose(front(found), front(expected), 1e-5);
      expect(new Set(front(found)).size).toBeGreaterThan(10);
    },
  );
});
