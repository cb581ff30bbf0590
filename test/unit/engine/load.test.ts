import { execFileSync } from 'node:child_process';

import { describe, expect, test } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { findEngine } from '../../../src/engine/engines.js';
import { loadTensorFlow, openEngine } from '../../../src/engine/load.js';
import { checkKernels } from '../../../src/engine/check-kernels.js';
import { cacheDir } from '../../support/cache-dir.js';
import { testEngine, testEngineDir } from '../../support/engine.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('opening an engine', () => {
  test('is done once in a process, and its id is the one that was known before', async () => {
    const engine = await testEngine();
    expect(await testEngine()).toBe(engine);
    expect(engine.id).toEqual(findEngine(cacheDir, 'cpu')!.id);
  });

  test('every kernel and gradient works here', async () => {
    const { tf, kernels } = await testEngine();
    const before = tf.memory().numTensors;
    expect(checkKernels(tf, kernels)).toEqual([]);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a kernel that does not work is named', async () => {
    const { tf, kernels } = await testEngine();
    const broken = {
      ...kernels,
      relu: () => {
        throw new Error('no such op');
      },
    };
    expect(checkKernels(tf, broken)).toEqual(['relu: no such op']);
  });

  test('another one in the same process is refused', async () => {
    await testEngine();
    const text = await Promise.resolve()
      .then(() => openEngine('/elsewhere'))
      .then(() => '', formatError);
    expect(text).toBe(`PN411 this process has already opened ${testEngineDir()} (float32)
  at /elsewhere (float32)
  Open it in a process of its own.`);
  });

  test('a folder without an engine', async () => {
    const folder = await tempFolder();
    const text = await loadTensorFlow(folder).then(() => '', formatError);
    expect(text.replaceAll(folder, '<folder>')).toBe(
      `PN410 TensorFlow does not load: Cannot find module '@tensorflow/tfjs-node-gpu'
Require stack:
- <folder>/package.json
  at <folder>
  Remove that folder and run \`patchnas setup\`. If it still fails, \`patchnas doctor\` tells more.`,
    );
  });
});

test('TensorFlow writes nothing to stdout', () => {
  const program = `
    const util = require('node:util');
    util.isNullOrUndefined ??= (value) => value == null;
    const tf = require('node:module').createRequire(process.argv[1])('@tensorflow/tfjs-node-gpu');
    tf.ones([2, 2]).matMul(tf.ones([2, 2])).dataSync();
  `;
  const args = ['-e', program, `${testEngineDir()}/package.json`];
  expect(
    execFileSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }),
  ).toBe('');
});
