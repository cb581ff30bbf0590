import { createRequire } from 'node:module';
import { join } from 'node:path';

import { EngineError } from '../core/errors.js';
import type { Engine, Tf } from './engine.js';
import { engineIdOf, readEngineRecord } from './engine-record.js';
import { cpuThreads } from './hardware.js';
import { createKernels } from './kernels/index.js';
import { withPrecision, type Precision } from './precision.js';
import { installUtilShims } from './util-shims.js';

let opened:
  { readonly dir: string; readonly precision: Precision; readonly engine: Promise<Engine> } | undefined;

/**
 * Opens the engine in that folder (made by `setup`). A process can have only one: the native addon does not survive
 * being loaded twice. Writes nothing to stdout; TensorFlow says a few words on stderr.
 * @throws {EngineError} PN410 when it does not load, PN411 when another one is open, PN412 when it is made for a GPU
 *   and does not use one.
 */
export function openEngine(engineDir: string, precision: Precision = 'float32'): Promise<Engine> {
  if (opened && (opened.dir !== engineDir || opened.precision !== precision))
    throw new EngineError(`this process has already opened ${opened.dir} (${opened.precision})`, {
      code: 'PN411',
      where: `${engineDir} (${precision})`,
      fix: 'Open it in a process of its own.',
    });
  opened ??= { dir: engineDir, precision, engine: open(engineDir, precision) };
  return opened.engine;
}

async function open(engineDir: string, precision: Precision): Promise<Engine> {
  const { tf, device, tensorflow } = await loadTensorFlow(engineDir);
  const build = readEngineRecord(engineDir)?.build ?? (device === 'gpu' ? 'cuda' : 'cpu');
  if (build === 'cuda' && device === 'cpu')
    throw new EngineError('TensorFlow is made for a GPU and does not use one', {
      code: 'PN412',
      where: engineDir,
      fix: 'Run `patchnas doctor` to see why, or write `device: cpu`.',
    });
  const id = withPrecision(engineIdOf({ tfjs: tf.version.tfjs, tensorflow, build }), precision);
  return { tf, kernels: createKernels(tf, precision), id };
}

/** TensorFlow as it comes, on whatever device it takes. */
export interface LoadedTensorFlow {
  readonly tf: Tf;
  readonly device: 'cpu' | 'gpu';
  readonly tensorflow: string;
}

/** Loads TensorFlow from an engine folder, whatever device it then uses. @throws {EngineError} PN410 */
export async function loadTensorFlow(engineDir: string): Promise<LoadedTensorFlow> {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  Object.assign(process.env, numericSettings());
  installUtilShims();
  const tf = requireTfjs(engineDir);
  await tf.ready();
  const backend = tf.backend() as unknown as NodeBackend;
  return { tf, device: backend.isUsingGpuDevice ? 'gpu' : 'cpu', tensorflow: backend.binding.TF_Version };
}

/**
 * Variables that TensorFlow reads once, while it loads, and that move the digits of results. They are what the engine's
 * id says, whatever the person's environment says: all threads, oneDNN's kernels, and float32 where an op is given it (no
 * bfloat16 behind its back on a CPU, no TensorFloat-32 on a GPU).
 */
function numericSettings(): Record<string, string> {
  return {
    TF_NUM_INTRAOP_THREADS: String(cpuThreads()),
    TF_ENABLE_ONEDNN_OPTS: '1',
    ONEDNN_DEFAULT_FPMATH_MODE: 'STRICT',
    NVIDIA_TF32_OVERRIDE: '0',
  };
}

interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

/** The same code under two names: a folder with the official package may hold either. */
const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

function requireTfjs(engineDir: string): Tf {
  const require = createRequire(join(engineDir, 'package.json'));
  try {
    return require(packages.find((name) => isThere(require, name)) ?? packages[0]!) as Tf;
  } catch (error) {
    throw new EngineError(
      `TensorFlow does not load: ${error instanceof Error ? error.message : String(error)}`,
      {
        code: 'PN410',
        where: engineDir,
        fix: 'Remove that folder and run `patchnas setup`. If it still fails, `patchnas doctor` tells more.',
        cause: error,
      },
    );
  }
}

function isThere(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
