import { mkdir, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EngineError } from '../core/errors.js';
import type { Emit } from '../core/events.js';
import { compileAddon, installTfjs } from './addon.js';
import type { EngineRecord } from './engine-record.js';
import {
  buildFor,
  type Device,
  engineKey,
  enginesFolder,
  findEngine,
  type InstalledEngine,
  resolveDevice,
} from './engines.js';
import { findTools, requireTools } from './find-tools.js';
import { nvidiaCards } from './hardware.js';
import { type Build, minimalDriver, pins, type Wheel, wheels } from './pins.js';
import { requirePlatform, thisPlatform } from './platform.js';
import { type Probe, probeEngine } from './probe.js';
import { fetchWheel } from './wheel.js';
import { createWorkFolder, findBuilder } from './work-folder.js';

export interface InstallOptions {
  readonly cacheDir: string;
  /** `auto` takes the GPU where the driver shows one. */
  readonly device: Device;
  /** Makes the engine for `gpu` also where there is none, as on the login node of a cluster. */
  readonly evenWithoutCard?: boolean;
  /** Never use the network: fail when the engine is not there yet. */
  readonly offline: boolean;
  readonly emit: Emit;
  readonly signal?: AbortSignal;
}

/**
 * Makes the engine for a device unless it is there, and returns it. It is built under a temporary name and renamed
 * when it has passed a trial, so a folder with the final name is whole; two at once do not harm each other.
 * @throws {EngineError} PN400 another platform, PN401 tools missing, PN402 no card, PN403 to PN406 a step failed, PN407 offline,
 *   PN408 what was made does not work
 */
export async function installEngine(options: InstallOptions): Promise<InstalledEngine> {
  const { cacheDir, offline, emit, signal } = options;
  const device = options.evenWithoutCard && options.device === 'gpu' ? 'gpu' : resolveDevice(options.device);
  const build = buildFor(device);
  const found = findEngine(cacheDir, device);
  if (found) return found;
  if (offline)
    throw new EngineError(
      `the TensorFlow engine for ${device} is missing and --offline forbids to fetch it`,
      {
        code: 'PN407',
        where: join(enginesFolder(cacheDir), engineKey(build)),
        fix: `Run \`patchnas setup --device ${device}\` once with a network: it fetches ${describeBytes(sizeOf(build))}.`,
      },
    );
  requirePlatform(thisPlatform());
  requireTools(await findTools());
  await mkdir(enginesFolder(cacheDir), { recursive: true });
  await waitForBuilder(options, build);
  if (!findEngine(cacheDir, device))
    await publish(cacheDir, engineKey(build), (folder) => make(build, folder, emit, signal));
  return findEngine(cacheDir, device)!;
}

/** Takes an installation of the official package as an engine: a link to it and a record of what it is. */
export async function adoptEngine(
  cacheDir: string,
  from: string,
  signal?: AbortSignal,
): Promise<InstalledEngine> {
  const probe = await probeEngine(from, signal);
  if (!probe.loads || probe.problems.length > 0)
    throw new EngineError(`the engine there does not work:\n${describeProblems(probe)}`, {
      code: 'PN409',
      where: from,
      fix: `In that folder: npm install @tensorflow/tfjs-node@${pins.tfjs}`,
    });
  const build = buildFor(probe.device);
  const record: EngineRecord = {
    tfjs: probe.tfjs,
    tensorflow: probe.tensorflow,
    build,
    origin: { from: await realpath(from) },
    wheels: [],
    compiled: '',
    createdAt: new Date().toISOString(),
  };
  const key = `own_tfjs-${record.tfjs}_tensorflow-${record.tensorflow}_${build}`;
  await rm(join(enginesFolder(cacheDir), key), { recursive: true, force: true });
  await publish(cacheDir, key, async (folder) => {
    await symlink(join(await realpath(from), 'node_modules'), join(folder, 'node_modules'));
    await writeRecord(folder, record);
  });
  return findEngine(cacheDir, probe.device)!;
}

async function publish(
  cacheDir: string,
  key: string,
  fill: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await createWorkFolder(enginesFolder(cacheDir), key);
  try {
    await fill(folder);
    await rename(folder, join(enginesFolder(cacheDir), key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // else another process was quicker
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function make(build: Build, folder: string, emit: Emit, signal?: AbortSignal): Promise<void> {
  const step = (what: string, total: number, unit: string) => (done: number) =>
    emit({ type: 'setup', time: Date.now(), what, done: Math.min(done, total), total, unit });
  const single = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const report = step(what, 1, 'step');
    report(0);
    const result = await work();
    report(1);
    return result;
  };
  await single(`tf.js ${pins.tfjs}`, () => installTfjs(folder, signal));
  await fetchWheels(wheels[build], folder, step, signal);
  const compiled = await single('compiling the addon', () => compileAddon(folder, signal));
  await rm(join(folder, 'libraries/tensorflow/include'), { recursive: true });
  await single('trying every kernel', async () => requireWorking(await probeEngine(folder, signal), build));
  await writeRecord(folder, {
    tfjs: pins.tfjs,
    tensorflow: pins.tensorflow,
    build,
    origin: 'made',
    wheels: wheels[build],
    compiled,
    createdAt: new Date().toISOString(),
  });
}

async function fetchWheels(
  list: readonly Wheel[],
  folder: string,
  step: (what: string, total: number, unit: string) => (done: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const work = join(folder, 'download');
  for (const wheel of list) {
    await mkdir(work);
    const what = `${wheel.name} ${wheel.version} (${describeBytes(wheel.sizeBytes)})`;
    const onBytes = step(what, wheel.sizeBytes, 'bytes');
    await fetchWheel(wheel, { work, target: join(folder, 'libraries'), onBytes, ...(signal && { signal }) });
    await rm(work, { recursive: true });
  }
}

/** @throws {EngineError} PN408 */
function requireWorking(probe: Probe, build: Build): void {
  const missesCard = probe.loads && build === 'cuda' && probe.device === 'cpu' && nvidiaCards().length > 0;
  if (probe.loads && probe.problems.length === 0 && !missesCard) return;
  const what = `${missesCard ? 'it does not use the GPU that is here\n' : ''}${describeProblems(probe)}`;
  throw new EngineError(`the engine was made but does not work:\n${what}`, {
    code: 'PN408',
    fix:
      build === 'cuda'
        ? `Its CUDA 12 libraries need an NVIDIA driver of ${minimalDriver} or later. On the CPU: patchnas setup --device cpu`
        : 'Please report it with the output of `patchnas doctor --json`.',
  });
}

function describeProblems(probe: Probe): string {
  return probe.loads ? [...probe.problems, probe.complaints].join('\n') : probe.reason;
}

function writeRecord(folder: string, record: EngineRecord): Promise<void> {
  return writeFile(join(folder, 'engine.json'), `${JSON.stringify(record, null, 2)}\n`);
}

async function waitForBuilder({ cacheDir, emit, signal }: InstallOptions, build: Build): Promise<void> {
  const key = engineKey(build);
  for (;;) {
    const builder = await findBuilder(enginesFolder(cacheDir), key);
    if (!builder) return;
    const what = `waiting for process ${builder.pid}, which makes the same engine`;
    emit({ type: 'setup', time: Date.now(), what, done: 0, total: 1, unit: 'step' });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    signal?.throwIfAborted();
  }
}

/** Bytes to download for an engine, without tf.js itself. */
export function sizeOf(build: Build): number {
  return wheels[build].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function describeBytes(bytes: number): string {
  return bytes < 1e9 ? `${Math.ceil(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
