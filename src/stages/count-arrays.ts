import { readSafetensors } from '../core/safetensors.js';

/** Trained numbers of a weights file, and its running statistics. */
export async function countArrays(path: string): Promise<{ parameters: number; buffers: number }> {
  let parameters = 0;
  let buffers = 0;
  for (const [name, { data }] of (await readSafetensors(path)).tensors) {
    if (/\.running_(mean|var)$/.test(name)) buffers += data.length;
    else parameters += data.length;
  }
  return { parameters, buffers };
}
