import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { EngineId } from './engine.js';
import { cpuInstructionSet, cpuThreads, nvidiaCards } from './hardware.js';
import type { Build, Wheel } from './pins.js';

/** What `setup` writes into an engine's folder as `engine.json`, last of all. */
export interface EngineRecord {
  readonly tfjs: string;
  readonly tensorflow: string;
  readonly build: Build;
  /** Made here, or a folder of the person's own with the official package in it. */
  readonly origin: 'made' | { readonly from: string };
  readonly wheels: readonly Wheel[];
  /** The command that compiled the addon; empty for the official package. */
  readonly compiled: string;
  readonly createdAt: string;
}

/** The record of an engine folder, or undefined where there is none (not whole, or not made by `setup`). */
export function readEngineRecord(engineDir: string): EngineRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(engineDir, 'engine.json'), 'utf8')) as EngineRecord;
  } catch {
    return undefined;
  }
}

export function writeEngineRecord(engineDir: string, record: EngineRecord): Promise<void> {
  return writeFile(join(engineDir, 'engine.json'), `${JSON.stringify(record, null, 2)}\n`);
}

/** What results made by that engine on this machine depend on; read without loading TensorFlow. */
export function engineIdOf({
  tfjs,
  tensorflow,
  build,
}: Pick<EngineRecord, 'tfjs' | 'tensorflow' | 'build'>): EngineId {
  const device = build === 'cuda' ? 'gpu' : 'cpu';
  return {
    tfjs,
    tensorflow,
    device,
    instructionSet: device === 'gpu' ? (nvidiaCards()[0] ?? 'unknown') : cpuInstructionSet(),
    threads: cpuThreads(),
    precision: 'float32',
  };
}

/** "TensorFlow 2.21.0 on cpu (avx512_bf16)", and the precision where it is another than float32. */
export function engineText({ tensorflow, device, instructionSet, precision }: EngineId): string {
  const details = [instructionSet, ...(precision === 'float32' ? [] : [`convolutions in ${precision}`])];
  return `TensorFlow ${tensorflow} on ${device} (${details.join(', ')})`;
}
