import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { EngineError } from '../core/errors.js';
import type { EngineId } from './engine.js';
import { engineIdOf, type EngineRecord, readEngineRecord } from './engine-record.js';
import { nvidiaCards } from './hardware.js';
import { type Build, pins } from './pins.js';

export type Device = 'auto' | 'cpu' | 'gpu';

/** An engine that `setup` has made, ready for `openEngine(dir)`. */
export interface InstalledEngine {
  readonly dir: string;
  readonly record: EngineRecord;
  /** Enters the keys of engine stages. */
  readonly id: EngineId;
}

/** Where engines lie. */
export function enginesFolder(cacheDir: string): string {
  return join(cacheDir, 'engines');
}

/** Name of the folder of the engine that `setup` makes: everything that its libraries depend on. */
export function engineKey(build: Build): string {
  return `tfjs-${pins.tfjs}_tensorflow-${pins.tensorflow}_${build}_napi-v${pins.napi}`;
}

/**
 * The device that a run will use: `auto` is the GPU where the driver shows one.
 * @throws {EngineError} PN402 for `gpu` where there is none
 */
export function resolveDevice(device: Device): 'cpu' | 'gpu' {
  const hasCard = nvidiaCards().length > 0;
  if (device === 'auto') return hasCard ? 'gpu' : 'cpu';
  if (device === 'gpu' && !hasCard)
    throw new EngineError('the device is gpu, but there is no NVIDIA GPU here', {
      code: 'PN402',
      where: existsSync('/proc/driver/nvidia')
        ? `CUDA_VISIBLE_DEVICES=${process.env['CUDA_VISIBLE_DEVICES'] ?? ''}`
        : '/proc/driver/nvidia is missing',
      fix: 'Write `device: cpu` or `device: auto`, or install the NVIDIA driver.',
    });
  return device;
}

export function buildFor(device: 'cpu' | 'gpu'): Build {
  return device === 'gpu' ? 'cuda' : 'cpu';
}

/** Every whole engine of a cache, the ones that `setup` makes itself first. */
export function listEngines(cacheDir: string): InstalledEngine[] {
  const folder = enginesFolder(cacheDir);
  const own = [engineKey('cpu'), engineKey('cuda')];
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return [...own.filter((name) => names.includes(name)), ...names.filter((name) => !own.includes(name))]
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => {
      const dir = join(folder, name);
      const record = readEngineRecord(dir);
      return record ? [{ dir, record, id: engineIdOf(record) }] : [];
    });
}

/** The engine of a cache for that device, without loading TensorFlow; undefined where `setup` has yet to make it. */
export function findEngine(cacheDir: string, device: 'cpu' | 'gpu'): InstalledEngine | undefined {
  return listEngines(cacheDir).find(({ record }) => record.build === buildFor(device));
}

/** The id that the engine will have once `setup` has made it: `plan` needs no engine. */
export function expectedEngineId(device: 'cpu' | 'gpu'): EngineId {
  return engineIdOf({ tfjs: pins.tfjs, tensorflow: pins.tensorflow, build: buildFor(device) });
}
