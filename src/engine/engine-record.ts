import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `setup` writes into an engine's folder as `engine.json`, last of all. */
export interface EngineRecord {
  readonly tfjs: string;
  readonly tensorflow: string;
  readonly build: 'cpu' | 'cuda';
  readonly napi: number;
  /** SHA-256 of the TensorFlow wheel that its libraries come from. */
  readonly wheelSha256: string;
  /** The command that compiled the addon. */
  readonly compiled: string;
  readonly createdAt: string;
}

/** The record of an engine folder, or undefined where there is none (not whole, or made by hand). */
export function readEngineRecord(engineDir: string): EngineRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(engineDir, 'engine.json'), 'utf8')) as EngineRecord;
  } catch {
    return undefined;
  }
}
