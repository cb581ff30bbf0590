import { DataError } from '../errors.js';
import type { NdArray } from '../npy.js';
import { numberFormats } from '../number-formats.js';
import { unpickle } from '../pickle/unpickle.js';
import { ZipFile } from '../zip.js';
import { pytorchGlobals, storageOf } from './globals.js';
import { described, findStateDict } from './state-dict.js';
import type { Storage } from './tensor-view.js';

const saveAlone = "Save the state dict alone, in Python: torch.save(model.state_dict(), 'weights.pt')";

/**
 * Reads the state dict of a file that `torch.save` wrote (PyTorch 1.6 or later), every tensor as float32 in C order
 * under its name in the file. Nothing of the file is run; only the storages of the state dict are read.
 * @throws {DataError} PN370 and PN371 (pickle), PN372 (zip), PN374 TorchScript, PN375 no state dict, PN376 numbers
 *   that are not there, PN377 big endian
 */
export async function readPytorch(path: string): Promise<Map<string, NdArray<Float32Array>>> {
  const zip = await ZipFile.open(path);
  try {
    const folder = folderOf(zip, path);
    const pickle = `${folder}data.pkl`;
    const value = unpickle(await zip.read(pickle), {
      path: `${path} (${pickle})`,
      fix: `${saveAlone}. Only tensors and plain values are read.`,
      globals: pytorchGlobals,
      persistent: storageOf,
    });
    const found = findStateDict(value);
    if (!found)
      throw new DataError(`there is no state dict in the file: it holds ${described(value)}`, {
        code: 'PN375',
        where: path,
        fix: saveAlone,
      });
    await checkByteOrder(zip, `${folder}byteorder`, path);
    const storages = new Map<string, Uint8Array>();
    const tensors = new Map<string, NdArray<Float32Array>>();
    for (const [name, view] of found) {
      const { storage } = view;
      const entry = `${folder}data/${storage.key}`;
      checkSize(zip, entry, storage, path);
      const bytes = storages.get(entry) ?? (await zip.read(entry));
      storages.set(entry, bytes);
      tensors.set(name, { shape: view.shape, data: view.decode(bytes) });
    }
    return tensors;
  } finally {
    await zip.close();
  }
}

/** The one folder in which everything of a PyTorch archive lies, with its slash. */
function folderOf(zip: ZipFile, path: string): string {
  const folder = zip.names.find((name) => /^[^/]+\/data\.pkl$/.test(name))?.replace('data.pkl', '');
  if (folder === undefined)
    throw new DataError('the zip archive holds no data.pkl, so PyTorch did not write it', {
      code: 'PN375',
      where: path,
      fix: saveAlone,
    });
  if (zip.names.includes(`${folder}constants.pkl`))
    throw new DataError('the file is a TorchScript program, not a state dict', {
      code: 'PN374',
      where: path,
      fix: `Save its state dict: python3 -c "import torch; torch.save(torch.jit.load('${path}', map_location='cpu').state_dict(), 'weights.pt')"`,
    });
  return folder;
}

/** PyTorch 2 says it; before, all files were little endian. */
async function checkByteOrder(zip: ZipFile, name: string, path: string): Promise<void> {
  if (!zip.names.includes(name)) return;
  const order = Buffer.from(await zip.read(name)).toString('latin1');
  if (order !== 'little')
    throw new DataError(`the numbers in the file are ${order} endian`, {
      code: 'PN377',
      where: path,
      fix: `Save it anew on a little-endian machine: torch.save(torch.load('${path}'), 'weights.pt')`,
    });
}

function checkSize(zip: ZipFile, name: string, storage: Storage, path: string): void {
  const needed = storage.count * numberFormats[storage.format].bytes;
  const found = zip.sizeOf(name);
  if (found === undefined || found < needed)
    throw new DataError(`${name} has ${found ?? 'no'} bytes, and its tensors need ${needed}`, {
      code: 'PN376',
      where: path,
      fix: 'Copy it or make it again: it is damaged.',
    });
}
