import { rename, stat } from 'node:fs/promises';

import type { NdArray } from '../core/npy.js';
import { readSafetensors, writeSafetensors } from '../core/safetensors.js';
import type { Engine } from '../engine/engine.js';
import { assignTensors, moduleTensors } from './checkpoint.js';
import type { Optimizer } from './optimizer.js';
import type { Module } from './parameter.js';

/** Weights, running statistics and the optimiser's state after an epoch: all that the next one depends on. */
export async function saveTraining(
  engine: Engine,
  module: Module,
  optimizer: Optimizer,
  history: readonly unknown[],
  path: string,
): Promise<void> {
  const tensors = await moduleTensors(engine, module);
  for (const [name, data] of await optimizer.state())
    tensors.set(`optimizer.${name}`, { shape: [data.length], data });
  await writeSafetensors(`${path}.new`, tensors, { history: JSON.stringify(history) });
  await rename(`${path}.new`, path);
}

/** Goes back to what was saved, and gives its history: none where there is no such file. */
export async function resumeTraining<Epoch>(
  engine: Engine,
  module: Module,
  optimizer: Optimizer,
  path: string,
): Promise<Epoch[]> {
  if (!(await stat(path).catch(() => undefined))) return [];
  const { tensors, metadata } = await readSafetensors(path);
  const state = new Map<string, Float32Array>();
  const weights = new Map<string, NdArray<Float32Array>>();
  for (const [name, tensor] of tensors) {
    if (name.startsWith('optimizer.')) state.set(name.slice('optimizer.'.length), tensor.data);
    else weights.set(name, tensor);
  }
  assignTensors(engine, module, weights, path);
  optimizer.restore(state);
  return JSON.parse(metadata['history']!) as Epoch[];
}
