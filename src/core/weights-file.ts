import { open } from 'node:fs/promises';

import { DataError } from './errors.js';
import { readPytorch } from './pytorch/read.js';
import { readSafetensors, type Safetensors } from './safetensors.js';

const zipStart = Buffer.from('PK\x03\x04', 'latin1');
/** The number that PyTorch before 1.6 pickled first, of any protocol (the second byte). */
const oldStart = Buffer.from('8a0a6cfc9c46f9206aa85019', 'hex');

/**
 * Reads weights that a person brings: safetensors, or a state dict that PyTorch saved, told apart by their first bytes.
 * Every tensor is float32 under its name in the file; only safetensors can have metadata.
 * @throws {DataError} PN373 for PyTorch's old form; PN320 to PN323 and PN370 to PN376 for what else cannot be read
 */
export async function readWeights(path: string): Promise<Safetensors> {
  const start = await firstBytes(path, 14);
  if (start.subarray(0, 4).equals(zipStart)) return { tensors: await readPytorch(path), metadata: {} };
  if (start.subarray(2).equals(oldStart))
    throw new DataError('the file is in the form of PyTorch before 1.6, which is not read', {
      code: 'PN373',
      where: path,
      fix: `Save it anew: python3 -c "import torch; torch.save(torch.load('${path}', map_location='cpu', weights_only=True), 'weights.pt')"`,
    });
  return readSafetensors(path);
}

async function firstBytes(path: string, count: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(count), 0, count, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
