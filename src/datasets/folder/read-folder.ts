import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DatasetContent, LabelledImages } from '../dataset.js';
import { forEachAtOnce } from '../../core/at-once.js';
import { decodeImage } from './decode.js';
import {
  digestOfFile,
  digestOfFolder,
  requireReadable,
  requireUnchanged,
  type FileDigest,
} from './file-digests.js';
import type { FolderListing, ImageFile } from './listing.js';
import { reasonOf, requireNone } from '../../core/problems.js';

export interface FolderContent extends DatasetContent {
  readonly digest: string;
  readonly sizeBytes: number;
}

/** What is learnt of the files while they are read. */
interface Findings {
  readonly digests: FileDigest[];
  readonly unreadable: string[];
  /** The files of each size, such as "64x64" (width x height). */
  readonly sizes: Map<string, string[]>;
}

/**
 * Decodes every image of a listing. All must have one size.
 * @param expected the digest that the folder had when the work was planned
 * @throws {DataError} PN345 unreadable or damaged files, PN346 different sizes, PN347 another content than expected;
 *   each names all that it means
 */
export async function readFolder(
  root: string,
  listing: FolderListing,
  expected?: string,
): Promise<FolderContent> {
  const found: Findings = { digests: [], unreadable: [], sizes: new Map() };
  const train = await readImages(root, listing.train, found);
  const test = await readImages(root, listing.test, found);
  for (const path of listing.texts) found.digests.push(digestOfFile(path, await readFile(join(root, path))));
  requireReadable(root, found.unreadable);
  requireOneSize(root, found.sizes);
  const digest = digestOfFolder(found.digests);
  if (expected !== undefined) requireUnchanged(root, digest, expected);
  const sizeBytes = found.digests.reduce((sum, file) => sum + file.sizeBytes, 0);
  return { train, test, classes: listing.classes, digest, sizeBytes };
}

/** Images that are unreadable or of another size than the first leave their rows empty: the caller throws then. */
async function readImages(
  root: string,
  files: readonly ImageFile[],
  { digests, unreadable, sizes }: Findings,
): Promise<LabelledImages> {
  let pixels: { readonly shape: readonly number[]; readonly data: Uint8Array } | undefined;
  await forEachAtOnce(files, async ({ path }, row) => {
    try {
      const bytes = await readFile(join(root, path));
      digests.push(digestOfFile(path, bytes));
      const { height, width, data } = await decodeImage(bytes);
      const size = `${width}x${height}`;
      const alike = sizes.get(size) ?? [];
      alike.push(path);
      sizes.set(size, alike);
      pixels ??= {
        shape: [files.length, height, width, 3],
        data: new Uint8Array(files.length * data.length),
      };
      if (pixels.shape[1] === height && pixels.shape[2] === width) pixels.data.set(data, row * data.length);
    } catch (error) {
      unreadable.push(`${path}: ${reasonOf(error)}`);
    }
  });
  return {
    images: pixels ?? { shape: [files.length, 0, 0, 3], data: new Uint8Array() },
    labels: Uint8Array.from(files, (file) => file.label),
  };
}

function requireOneSize(root: string, sizes: Findings['sizes']): void {
  if (sizes.size < 2) return;
  const groups = [...sizes].toSorted(([, a], [, b]) => b.length - a.length);
  const [usual, common] = groups[0]!;
  const more = common.length > 1 ? `, as ${common.length - 1} more` : '';
  const lines = [
    ...groups.slice(1).flatMap(([size, paths]) => paths.toSorted().map((path) => `${path}: ${size}`)),
    `${common.toSorted()[0]!}: ${usual}${more}`,
  ];
  requireNone(lines, {
    message: `its images have ${sizes.size} different sizes (width x height)`,
    code: 'PN346',
    where: root,
    fix: 'Bring all images of both halves to one size.',
  });
}
