import type { Rank } from '@tensorflow/tfjs';
import { expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { forwardAll } from '../../../src/networks/network.js';
import { inference, parameterCount } from '../../../src/nn/parameter.js';
import { buildProbes } from '../../../src/repair/probe.js';
import { pooledFeatures } from '../../../src/repair/repaired-network.js';
import { expectClose, numbers } from '../../support/arrays.js';
import { testEngine } from '../../support/engine.js';
import { naiveConv, naiveDense, naiveNorm, naivePool, naiveRelu } from '../../support/naive.js';
import { shakeNorms, smallAllConvNet, tinyNetwork } from '../../support/networks.js';
import { randomTensor } from '../../support/tensors.js';

const engine = await testEngine();

it('is conv 3x3, norm, ReLU, global average pool and a dense layer, within 1e-5', () => {
  const network = tinyNetwork(engine);
  const probe = buildProbes(engine, new Rng(1, 'probes'), network)[1]!;
  shakeNorms(engine, probe, new Rng(1, 'norms'));
  const map = randomTensor<Rank.R4>(engine.tf, new Rng(1, 'map'), [1, 4, 4, 5]);
  const of = (suffix: string) =>
    numbers([...probe.parameters, ...probe.buffers].find((a) => a.name === `probe2.${suffix}`)!.variable);
  const convolved = naiveConv(
    { height: 4, width: 4, channels: 5, data: numbers(map) },
    of('conv.weight'),
    4,
    {
      size: 3,
      stride: 1,
      pad: 1,
    },
  );
  const normed = naiveNorm(
    convolved,
    of('norm.weight'),
    of('norm.bias'),
    of('norm.running_mean'),
    of('norm.running_var'),
  );
  const features = naivePool(naiveRelu(normed));
  const found = probe.features(map, inference);
  expectClose(numbers(found), features, 1e-5);
  expectClose(
    numbers(probe.classify(found, inference)),
    naiveDense(features, of('classifier.weight'), of('classifier.bias')),
    1e-5,
  );
});

it("of AllConvNet and the gate have the size of the paper's Table 4, 0.09 M", () => {
  const network = smallAllConvNet(engine, 1, { params: { width: 1, dropout: 0.5 } });
  const probes = buildProbes(engine, new Rng(1, 'probes'), network);
  const count = probes.reduce((sum, probe) => sum + parameterCount(probe.parameters), 0);
  const gate = probes.reduce((sum, probe) => sum + probe.channels + 1, 0);
  expect(count + gate).toBe(91_572);
});

it('has features side by side, stage by stage', () => {
  const network = tinyNetwork(engine);
  const probes = buildProbes(engine, new Rng(1, 'probes'), network);
  const x = randomTensor<Rank.R4>(engine.tf, new Rng(1, 'x'), [3, 8, 8, 3]);
  const { maps } = forwardAll(network, x);
  const together = numbers(pooledFeatures(engine, probes, maps));
  const each = probes.map((probe, i) => numbers(probe.features(maps[i]!, inference)));
  const expected = [0, 1, 2].flatMap((n) => each.flatMap((values) => values.slice(n * 4, (n + 1) * 4)));
  expect(together).toEqual(expected);
});
