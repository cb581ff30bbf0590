import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { EngineError } from '../core/errors.js';
import type { Emit } from '../core/events.js';
import { compileAddon, installTfjs } from './addon.js';
import { writeEngineRecord } from './engine-record.js';
import { nvidiaCards } from './hardware.js';
import { type Build, describeBytes, minimalDriver, pins, wheels } from './pins.js';
import { describeProbe, type Probe, probeEngine } from './probe.js';
import { downloadWheel, unpackWheel } from './wheel.js';

/**
 * Fills an empty folder with an engine and tries it: tf.js, TensorFlow's libraries, the addon compiled between them,
 * and last the record.
 * @throws {EngineError} PN403 to PN406 a step failed, PN408 what was made does not work
 */
export async function makeEngine(
  build: Build,
  folder: string,
  emit: Emit,
  signal?: AbortSignal,
): Promise<void> {
  const step = progressOf(emit);
  const single = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const report = step(what, 1, 'step');
    report(0);
    const result = await work();
    report(1);
    return result;
  };
  await single(`tf.js ${pins.tfjs}`, () => installTfjs(folder, signal));
  const download = join(folder, 'download');
  for (const wheel of wheels[build]) {
    await mkdir(download);
    const name = `${wheel.name} ${wheel.version}`;
    const onBytes = step(`${name} (${describeBytes(wheel.sizeBytes)})`, wheel.sizeBytes, 'bytes');
    const file = await downloadWheel(wheel, download, onBytes, signal);
    await single(`unpacking ${name}`, () => unpackWheel(file, join(folder, 'libraries'), signal));
    await rm(download, { recursive: true });
  }
  const compiled = await single('compiling the addon', () => compileAddon(folder, signal));
  await rm(join(folder, 'libraries/tensorflow/include'), { recursive: true });
  await single('trying every kernel', async () => requireWorking(await probeEngine(folder, signal), build));
  await writeEngineRecord(folder, {
    tfjs: pins.tfjs,
    tensorflow: pins.tensorflow,
    build,
    origin: 'made',
    wheels: wheels[build],
    compiled,
    createdAt: new Date().toISOString(),
  });
}

type Step = (what: string, total: number, unit: string) => (done: number) => void;

/** Set-up events for one step after another; what was said already is not said again. */
function progressOf(emit: Emit): Step {
  return (what, total, unit) => {
    let said = -1;
    return (count) => {
      const done = Math.min(count, total);
      if (done <= said) return;
      said = done;
      emit({ type: 'setup', time: Date.now(), what, done, total, unit });
    };
  };
}

/** @throws {EngineError} PN408 */
function requireWorking(probe: Probe, build: Build): void {
  const missesCard = probe.loads && build === 'cuda' && probe.device === 'cpu' && nvidiaCards().length > 0;
  if (probe.loads && probe.problems.length === 0 && !missesCard) return;
  const what = missesCard ? 'it does not use the GPU that is here\n' : '';
  throw new EngineError(`the engine was made but does not work:\n${what}${describeProbe(probe)}`, {
    code: 'PN408',
    fix:
      build === 'cuda'
        ? `Its CUDA 12 libraries need an NVIDIA driver of ${minimalDriver} or later. On the CPU: patchnas setup --device cpu`
        : 'Please report it with the output of `patchnas doctor --json`.',
  });
}
