import { join } from 'node:path';

import { mostClasses, namesIn, type FolderListing, type ImageFile } from '../folder/listing.js';
import { requireNone } from '../../core/problems.js';

const halves = ['train', 'test'] as const;

/** Lists `ROOT/{train,test}/CLASS/*.{png,jpg,jpeg}`. @throws {DataError} PN348 with everything that is wrong */
export async function listImageFolder(root: string): Promise<FolderListing> {
  const problems: string[] = [];
  const found = { train: await classesIn(root, 'train'), test: await classesIn(root, 'test') };
  for (const half of halves) {
    if (found[half] === undefined) problems.push(`${half}: no such folder`);
    else if (found[half].length === 0) problems.push(`${half}: no folders of classes`);
  }
  const { train = [], test = [] } = found;
  if (train.length > 0 && test.length > 0) {
    for (const name of train)
      if (!test.includes(name)) problems.push(`train/${name}: this class is not in test`);
    for (const name of test)
      if (!train.includes(name)) problems.push(`test/${name}: this class is not in train`);
  }
  if (train.length > mostClasses) problems.push(`train: ${train.length} classes, more than ${mostClasses}`);
  const listing = {
    classes: train,
    train: await imagesOf(root, 'train', train, problems),
    test: await imagesOf(root, 'test', test, problems),
    texts: [],
  };
  requireNone(problems, {
    message: 'this is not a folder of images in classes',
    code: 'PN348',
    where: root,
    fix: 'It must hold train/CLASS/*.png and test/CLASS/*.png (or .jpg, .jpeg) with the same classes, none empty.',
  });
  return listing;
}

async function classesIn(root: string, half: string): Promise<string[] | undefined> {
  return namesIn(join(root, half), 'folders');
}

async function imagesOf(
  root: string,
  half: string,
  classes: readonly string[],
  problems: string[],
): Promise<ImageFile[]> {
  const images: ImageFile[] = [];
  for (const [label, name] of classes.entries()) {
    const files = (await namesIn(join(root, half, name), 'images')) ?? [];
    if (files.length === 0) problems.push(`${half}/${name}: no image in this folder (.png, .jpg, .jpeg)`);
    images.push(...files.map((file) => ({ path: `${half}/${name}/${file}`, label })));
  }
  return images;
}
