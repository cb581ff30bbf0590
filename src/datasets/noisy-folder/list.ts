import { join } from 'node:path';

import { requireNone } from '../../core/problems.js';
import { namesIn } from '../folder/listing.js';

/** Noisy images that somebody made, in the layout of Tiny-ImageNet-C; known from names alone. */
export interface NoisyListing {
  /** [n] `CLASS/FILE` by label, then by name: the same images at every severity of every noise. */
  readonly images: readonly string[];
  /** [n] */
  readonly labels: Uint8Array;
  /** What is there beside them, such as "frost/1: 800 folders that are no class of the data set". */
  readonly leftOut: readonly string[];
}

/**
 * Lists `ROOT/NOISE/SEVERITY/CLASS/*.{png,jpg,jpeg}`. Folders of other classes are left out: the published frost has
 * 1,000 classes instead of 200.
 * @param classFolders in the order of the labels
 * @throws {DataError} PN318 with everything that is missing or differs
 */
export async function listNoisyFolder(
  root: string,
  noises: readonly string[],
  severities: readonly number[],
  classFolders: readonly string[],
): Promise<NoisyListing> {
  const problems: string[] = [];
  const leftOut: string[] = [];
  /** The first of each class, with which the others are compared. */
  const first = new Map<string, { readonly folder: string; readonly files: readonly string[] }>();
  for (const noise of noises) {
    if ((await namesIn(join(root, noise), 'folders')) === undefined) {
      problems.push(`${noise}: no such folder`);
      continue;
    }
    for (const folder of severities.map((severity) => `${noise}/${severity}`)) {
      const found = await namesIn(join(root, folder), 'folders');
      if (found === undefined) {
        problems.push(`${folder}: no such folder`);
        continue;
      }
      const others = found.filter((name) => !classFolders.includes(name)).length;
      if (others > 0) leftOut.push(`${folder}: ${others} folders that are no class of the data set`);
      for (const name of classFolders) {
        const here = `${folder}/${name}`;
        const files = (await namesIn(join(root, here), 'images')) ?? [];
        const known = first.get(name);
        if (files.length === 0)
          problems.push(`${here}: ${found.includes(name) ? 'no image in this' : 'no such'} folder`);
        else if (known === undefined) first.set(name, { folder: here, files });
        else if (files.join('/') !== known.files.join('/'))
          problems.push(
            `${here}: other names than in ${known.folder} (${files.length} and ${known.files.length} images)`,
          );
      }
    }
  }
  requireNone(problems, {
    message: 'the noisy images are not all there, the same ones at every severity of every noise',
    code: 'PN318',
    where: root,
    fix:
      'It must hold NOISE/SEVERITY/CLASS/*.JPEG (or .jpg, .png), as Tiny-ImageNet-C does once the tar inside its tar is\n' +
      'unpacked too. Name the folder that holds the noises, copy again what is missing, or leave out these noises.',
  });
  const byLabel = classFolders.map((name) => first.get(name)?.files ?? []);
  return {
    images: classFolders.flatMap((name, label) => byLabel[label]!.map((file) => `${name}/${file}`)),
    labels: Uint8Array.from(byLabel.flatMap((files, label) => files.map(() => label))),
    leftOut,
  };
}
