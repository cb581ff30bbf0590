import { join } from 'node:path';

import { DigestMemory } from '../../core/digest-memory.js';
import { DataError } from '../../core/errors.js';
import type { Dataset, DatasetParams } from '../dataset.js';
import { imageSize } from './decode.js';
import { digestOfFiles, requireReadable } from './file-digests.js';
import { isFolder, type FolderListing } from './listing.js';
import { reasonOf } from '../../core/problems.js';
import { readFolder } from './read-folder.js';

interface FolderForm {
  /** What to name in `root`, such as "the folder that holds train and test". */
  readonly wanted: string;
  /** @throws {DataError} PN348 or PN349 with everything that is wrong with its layout */
  readonly list: (root: string) => Promise<FolderListing>;
}

/**
 * A data set that stands in a folder of a person's own, their parameter `root`: nothing of it is fetched or copied,
 * and the bytes of its files name it.
 */
export function folderDataset({ wanted, list }: FolderForm): Dataset {
  const listed = async (root: string): Promise<FolderListing> => {
    if (await isFolder(root)) return list(root);
    throw new DataError('there is no such folder', { code: 'PN344', where: root, fix: `Name ${wanted}.` });
  };
  return {
    sizeText: 'in a folder of your own, nothing to fetch',

    async shape(params) {
      const root = rootOf(params);
      const { classes, classFolders = classes, train, test, isSynthetic } = await listed(root);
      const size = await sizeOfFirst(
        root,
        train.map(({ path }) => path),
      );
      return {
        train: train.length,
        test: test.length,
        ...size,
        classes: classes.length,
        classFolders,
        ...(isSynthetic && { isSynthetic }),
      };
    },

    locate: () => '',
    find: () => Promise.resolve(''),

    async ensure({ from = '', thorough }) {
      if (from === '') return '';
      const listing = await listed(from);
      if (thorough) await readFolder(from, listing);
      return from;
    },

    async verify(folder) {
      const listing = await listed(folder);
      const { digest, sizeBytes } = await readFolder(folder, listing);
      const { train, test, classes } = listing;
      const name = `${train.length} training and ${test.length} test images in ${classes.length} classes`;
      const whole = { sizeBytes, sha256: digest };
      return [{ name, expected: whole, found: whole, ok: true }];
    },

    async read(folder, _params, digest) {
      const { train, test, classes } = await readFolder(folder, await listed(folder), digest);
      return { train, test, classes };
    },

    async digest(params, memory = new DigestMemory()) {
      const root = rootOf(params);
      const { train, test, texts } = await listed(root);
      return digestOfFiles(root, [...[...train, ...test].map(({ path }) => path), ...texts], memory);
    },
  };
}

function rootOf(params: DatasetParams): string {
  return params['root'] as string;
}

/** The size of the first image that can be opened; whether all have it is seen when they are read. */
async function sizeOfFirst(
  root: string,
  paths: readonly string[],
): Promise<{ height: number; width: number }> {
  const problems: string[] = [];
  for (const path of paths) {
    try {
      return await imageSize(join(root, path));
    } catch (error) {
      problems.push(`${path}: ${reasonOf(error)}`);
    }
  }
  requireReadable(root, problems);
  throw new RangeError('a listing without training images');
}
