import { createRequire } from 'node:module';
import { join } from 'node:path';

import { EngineError } from '../core/errors.js';
import type { Engine, EngineId, Tf } from './engine.js';
import { readEngineRecord } from './engine-record.js';
import { cpuInstructionSet, cpuThreads, nvidiaCards } from './hardware.js';
import { createKernels } from './kernels/index.js';
import { installUtilShims } from './util-shims.js';

let opened: { readonly dir: string; readonly engine: Promise<Engine> } | undefined;

/**
 * Opens the engine in that folder (made by `setup`). A process can have only one: the native addon does not survive
 * being loaded twice. Writes nothing to stdout; TensorFlow says a few words on stderr.
 * @throws {EngineError} PN410 when it does not load, PN411 when another one is open.
 */
export function openEngine(engineDir: string): Promise<Engine> {
  if (opened && opened.dir !== engineDir)
    throw new EngineError(`this process has already opened ${opened.dir}`, {
      code: 'PN411',
      where: engineDir,
      fix: 'Open it in a process of its own.',
    });
  opened ??= { dir: engineDir, engine: open(engineDir) };
  return opened.engine;
}

async function open(engineDir: string): Promise<Engine> {
  const threads = cpuThreads();
  // TensorFlow reads these once, while it loads.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  installUtilShims();
  const tf = load(engineDir);
  await tf.ready();
  return { tf, kernels: createKernels(tf), id: identify(tf, engineDir, threads) };
}

function load(engineDir: string): Tf {
  try {
    return createRequire(join(engineDir, 'package.json'))('@tensorflow/tfjs-node-gpu') as Tf;
  } catch (error) {
    throw new EngineError(
      `TensorFlow does not load: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: 'PN410',
        where: engineDir,
        fix: 'Run `patchnas doctor` to see why, or `patchnas setup --force` to make it again.',
        cause: error,
      },
    );
  }
}

function identify(tf: Tf, engineDir: string, threads: number): EngineId {
  const backend = tf.backend() as unknown as {
    readonly isUsingGpuDevice: boolean;
    readonly binding: { readonly TF_Version: string };
  };
  const device = backend.isUsingGpuDevice ? 'gpu' : 'cpu';
  return {
    tfjs: tf.version.tfjs,
    tensorflow: readEngineRecord(engineDir)?.tensorflow ?? backend.binding.TF_Version,
    device,
    instructionSet: device === 'gpu' ? (nvidiaCards()[0] ?? 'unknown') : cpuInstructionSet(),
    threads,
    precision: 'float32',
  };
}
