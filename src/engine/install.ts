import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { EngineError } from '../core/errors.js';
import type { Emit } from '../core/events.js';
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
import { makeEngine } from './make-engine.js';
import { type Build, describeBytes, sizeOf } from './pins.js';
import { requirePlatform, thisPlatform } from './platform.js';
import { publishEngine } from './publish-engine.js';
import { findBuilder } from './work-folder.js';

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
 * @throws {EngineError} PN400 another platform, PN401 tools missing, PN402 no card, PN403 to PN406 a step failed,
 *   PN407 offline, PN408 what was made does not work, PN414 the cache cannot be written
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
  await waitForBuilder(options, build);
  if (!findEngine(cacheDir, device))
    await publishEngine(cacheDir, engineKey(build), (folder) => makeEngine(build, folder, emit, signal));
  return findEngine(cacheDir, device)!;
}

async function waitForBuilder({ cacheDir, emit, signal }: InstallOptions, build: Build): Promise<void> {
  const key = engineKey(build);
  for (;;) {
    const builder = await findBuilder(enginesFolder(cacheDir), key);
    if (!builder) return;
    const what = `waiting for process ${builder.pid}, which makes the same engine`;
    emit({ type: 'setup', time: Date.now(), what, done: 0, total: 1, unit: 'step' });
    await sleep(1000, undefined, signal ? { signal } : {});
  }
}
