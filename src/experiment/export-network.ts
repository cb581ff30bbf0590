import { constants } from 'node:fs';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { isErrno } from '../core/errno.js';
import { UsageError } from '../core/errors.js';
import { readSafetensors } from '../core/safetensors.js';
import type { KeyedTask } from '../pipeline/key.js';
import type { Store } from '../pipeline/store.js';
import { readNormalisation } from '../stages/network-file.js';

export interface ExportedNetwork {
  readonly file: string;
  readonly sizeBytes: number;
  /** Of parameters and running statistics. */
  readonly tensors: number;
  readonly classes: number;
  /** Of images from 0 to 1: (x - mean) / std, for each channel. */
  readonly normalisation: { readonly mean: readonly number[]; readonly std: readonly number[] };
}

/**
 * Copies the clean network of an experiment from the store.
 * @param tasks of the experiment, with their keys
 * @param file a new one
 * @param config as the person named it, for the cure
 * @throws {UsageError} PN297 the network is not in the store, PN298 the file is there already
 */
export async function exportNetwork(
  tasks: readonly KeyedTask[],
  store: Store,
  file: string,
  config: string,
): Promise<ExportedNetwork> {
  const { address } = tasks.find(({ task }) => task.id === 'pretrain')!;
  const found = address && (await store.verify(address));
  if (found?.state !== 'hit')
    throw new UsageError(
      found?.state === 'damaged'
        ? `the network in the store is damaged: ${found.reason}`
        : 'the network of this experiment is not in the store',
      {
        code: 'PN297',
        where: store.root,
        fix: `Make it first, with the same --set and --store: patchnas run ${config} --until pretrain`,
      },
    );
  const path = join(store.folder(address!), 'network.safetensors');
  try {
    await mkdir(dirname(file), { recursive: true });
    await copyFile(path, file, constants.COPYFILE_EXCL);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    throw new UsageError('the file is there already', {
      code: 'PN298',
      where: file,
      fix: 'Choose another name, or remove it first.',
    });
  }
  const { tensors, metadata } = await readSafetensors(path);
  return {
    file,
    sizeBytes: (await stat(file)).size,
    tensors: tensors.size,
    classes: Number(metadata['classes']),
    normalisation: readNormalisation(metadata, path),
  };
}
