import { expect, it } from 'vitest';

import { Rng } from '../../../../src/core/rng.js';
import { plasma, plasmaDraws } from '../../../../src/noises/ops/plasma.js';

it('takes one draw for every point but the first', () => {
  expect([plasmaDraws(32), plasmaDraws(64)]).toEqual([1023, 4095]);
});

it('on the smallest torus is worked out by hand', () => {
  // w = 100, so the noise is 100 * (-100 … 100). Centre: 0 + 10000; right: (2 * 10000 + 0)/4 - 10000 = -5000; below: 5000 + 0.
  const out = new Float64Array(4);
  plasma([1, 0, 0.5], 2, 3, out);
  expect([...out]).toEqual([5000 / 15000, 0, 10000 / 15000, 1]);
});

it('reaches from 0 to 1', () => {
  const out = new Float64Array(32 * 32);
  plasma(new Rng(0, 'plasma').fillUniform(new Float64Array(1023)), 32, 2, out);
  expect([Math.min(...out), Math.max(...out)]).toEqual([0, 1]);
});

it('is rougher with a smaller decay', () => {
  const u = new Rng(0, 'plasma').fillUniform(new Float64Array(1023));
  const roughness = [3, 2, 1.5].map((decay) => {
    const out = new Float64Array(32 * 32);
    plasma(u, 32, decay, out);
    let sum = 0;
    for (let i = 1; i < out.length; i++) sum += Math.abs(out[i]! - out[i - 1]!);
    return sum;
  });
  expect(roughness[0]!).toBeLessThan(roughness[1]!);
  expect(roughness[1]!).toBeLessThan(roughness[2]!);
});
