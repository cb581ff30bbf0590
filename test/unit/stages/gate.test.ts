import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { readSafetensors } from '../../../src/core/safetensors.js';
import { gate } from '../../../src/stages/gate.js';
import { jsonOf, numbersOf, writeArrays } from '../../support/artifacts.js';
import { expectClose } from '../../support/arrays.js';
import { runStage } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

const channels = 3; // of each of two stages

/** Failures have large features and much Fisher information, normals have little of both. */
async function run(fisherOf: (isFailure: boolean, stage: number) => number) {
  const folder = await tempFolder();
  const rng = new Rng(1, 'gate-stage');
  const names = ['localize', 'split', 'observe', 'observe-train', 'observe-test'] as const;
  const inputs = Object.fromEntries(names.map((name) => [name, { folder: join(folder, name) }]));
  for (const name of names) await mkdir(join(folder, name));
  const features = (rows: number, level: number) => ({
    shape: [rows, 2 * channels],
    data: Float32Array.from({ length: rows * 2 * channels }, () => level + 0.3 * rng.double()),
  });
  const at = (name: (typeof names)[number], arrays: Parameters<typeof writeArrays>[1]) =>
    writeArrays(join(folder, name), arrays);
  // Failures are rows 1, 3, 5, 7 of the environment; normals rows 0, 2, 4, 6 of D_t.
  await at('split', { 'failures.npy': { shape: [4], data: Uint32Array.of(1, 3, 5, 7) } });
  await at('localize', {
    'samples.npy': { shape: [8], data: Uint32Array.of(1, 3, 5, 7, 0, 2, 4, 6) },
    'fisher.npy': {
      shape: [8, 2],
      data: Float32Array.from({ length: 16 }, (_, k) => fisherOf(k < 8, k % 2)),
    },
  });
  await at('observe', { 'features.npy': features(8, 1) });
  await at('observe-train', { 'features.npy': features(10, 0) });
  await at('observe-test', { 'features.npy': features(5, 0) });
  return runStage(gate, join(folder, 'gate'), { params: { target: 'log1p-stage' }, inputs });
}

describe('gate', () => {
  it('scores everything that has been observed, failures above clean images', async () => {
    const done = await run((isFailure) => (isFailure ? 1 : 0.01));
    const [noisy, train, test] = await Promise.all(
      ['noisy', 'train', 'test'].map((part) => numbersOf<Float32Array>(done, `scores-${part}.npy`)),
    );
    expect([noisy!.length, train!.length, test!.length]).toEqual([16, 20, 10]);
    expect(Math.min(...noisy!)).toBeGreaterThan(Math.max(...train!, ...test!));
    expect(await jsonOf(done, 'gate.json')).toEqual({
      stages: 2,
      channels: [3, 3],
      parameters: 8,
      deadStages: [],
    });
    expect(done.events).toEqual([]);
  });

  it('writes weights that give its scores, within 1e-5', async () => {
    const done = await run((isFailure, stage) => (isFailure ? 1 + stage : 0.01));
    const { tensors } = await readSafetensors(join(done.folder, 'gate.safetensors'));
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['gate1.bias', [1]],
      ['gate1.weight', [1, 3]],
      ['gate2.bias', [1]],
      ['gate2.weight', [1, 3]],
    ]);
    const observed = join(done.folder, '..', 'observe');
    const features = await numbersOf<Float32Array>({ folder: observed }, 'features.npy');
    const expected = Array.from({ length: 16 }, (_, k) => {
      const [n, i] = [Math.floor(k / 2), k % 2];
      const { data } = tensors.get(`gate${i + 1}.weight`)!;
      return Math.max(
        0,
        data.reduce(
          (sum, w, c) => sum + w * features[n * 6 + i * 3 + c]!,
          tensors.get(`gate${i + 1}.bias`)!.data[0]!,
        ),
      );
    });
    expectClose(await numbersOf<Float32Array>(done, 'scores-noisy.npy'), expected, 1e-5);
  });

  it('warns of a stage that predicts 0 everywhere', async () => {
    const done = await run((isFailure, stage) => (stage === 1 ? 0 : isFailure ? 1 : 0.01));
    expect(done.events).toEqual([
      { type: 'warning', text: 'the gate predicts 0 for stage 2 everywhere: its output ReLU died' },
    ]);
    expect(await jsonOf(done, 'gate.json')).toMatchObject({ deadStages: [1] });
  });
});
