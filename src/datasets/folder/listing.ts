import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** An image file of a data set, below its folder, and its class. */
export interface ImageFile {
  /** Relative to the folder of the data set, with "/". */
  readonly path: string;
  readonly label: number;
}

/** What a folder of images holds, known from names alone: no image has been opened. */
export interface FolderListing {
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
  /** Names of their folders, where these are others. */
  readonly classFolders?: readonly string[];
  readonly train: readonly ImageFile[];
  readonly test: readonly ImageFile[];
  /** Other files that say something of the content, such as the labels of the test half. */
  readonly texts: readonly string[];
  /** See `DatasetShape`. */
  readonly isSynthetic?: boolean;
}

/** Labels are bytes. */
export const mostClasses = 256;

/** What stands in a folder, hidden names left out, sorted by code unit; undefined where there is no folder. */
export async function namesIn(folder: string, wanted: 'folders' | 'images'): Promise<string[] | undefined> {
  try {
    const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => name[0] !== '.');
    if (wanted === 'images') {
      const names = entries.map(({ name }) => name);
      return names.filter(isImageName).sort();
    }
    const names: string[] = [];
    for (const entry of entries)
      if (entry.isDirectory() || (entry.isSymbolicLink() && (await isFolder(join(folder, entry.name)))))
        names.push(entry.name);
    return names.sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

function isImageName(name: string): boolean {
  return /\.(png|jpe?g)$/i.test(name);
}
