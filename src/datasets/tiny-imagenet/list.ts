import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { mostClasses, namesIn, type FolderListing, type ImageFile } from '../folder/listing.js';
import { requireNone } from '../../core/problems.js';
import { classNames } from './class-names.js';
import { isSyntheticWnid } from './wnid.js';

const annotations = 'val/val_annotations.txt';

/**
 * Lists the published layout: `wnids.txt`, `train/<wnid>/images/*.JPEG`, `val/images/*.JPEG` with their classes in
 * `val/val_annotations.txt`, and `words.txt` for the names. A class's label is its place in the sorted wnids, which
 * is not the order of `wnids.txt`; files are sorted as texts, so that val_10 comes before val_2.
 * @throws {DataError} PN349 with everything that is wrong
 */
export async function listTinyImagenet(root: string): Promise<FolderListing> {
  const problems: string[] = [];
  const wnids = ((await linesOf(root, 'wnids.txt')) ?? []).map((line) => line.trim()).sort();
  if (wnids.length === 0) problems.push('wnids.txt: missing or empty');
  if (wnids.length > mostClasses)
    problems.push(`wnids.txt: ${wnids.length} classes, more than ${mostClasses}`);
  const words = await linesOf(root, 'words.txt');
  const listing = {
    classes: classNames(wnids, words ?? []),
    classFolders: wnids,
    train: await trainImages(root, wnids, problems),
    test: await testImages(root, wnids, problems),
    texts: [annotations, 'wnids.txt', ...(words === undefined ? [] : ['words.txt'])],
    ...(wnids.some(isSyntheticWnid) && { isSynthetic: true }),
  };
  requireNone(problems, {
    message: 'this is not a whole folder tiny-imagenet-200',
    code: 'PN349',
    where: root,
    fix: 'Unpack tiny-imagenet-200.zip (MD5 90528d7ca1a48142e341f4ef8d21d0de) again, and name the folder that holds wnids.txt.',
  });
  return listing;
}

async function trainImages(root: string, wnids: readonly string[], problems: string[]): Promise<ImageFile[]> {
  const images: ImageFile[] = [];
  for (const folder of (await namesIn(join(root, 'train'), 'folders')) ?? [])
    if (!wnids.includes(folder)) problems.push(`train/${folder}: this class is not in wnids.txt`);
  for (const [label, wnid] of wnids.entries()) {
    const folder = `train/${wnid}/images`;
    const files = await namesIn(join(root, folder), 'images');
    if (files === undefined) problems.push(`${folder}: no such folder`);
    else if (files.length === 0) problems.push(`${folder}: no image in this folder`);
    // Each class lists its pictures, with a box each: what was lost on the way can be named.
    const boxes = await linesOf(root, `train/${wnid}/${wnid}_boxes.txt`);
    const there = new Set(files);
    for (const line of boxes ?? []) {
      const file = line.split('\t')[0]!;
      if (!there.has(file)) problems.push(`${folder}/${file}: missing, but in ${wnid}_boxes.txt`);
    }
    images.push(...(files ?? []).map((file) => ({ path: `${folder}/${file}`, label })));
  }
  return images;
}

async function testImages(root: string, wnids: readonly string[], problems: string[]): Promise<ImageFile[]> {
  const folder = 'val/images';
  const files = await namesIn(join(root, folder), 'images');
  if (files === undefined) problems.push(`${folder}: no such folder`);
  const lines = await linesOf(root, annotations);
  if (lines === undefined) problems.push(`${annotations}: no such file`);
  if (files === undefined || lines === undefined) return [];
  const there = new Set(files);
  const labels = new Map<string, number>();
  lines.forEach((line, i) => {
    const [file = '', wnid = ''] = line.split('\t');
    const label = wnids.indexOf(wnid.trim());
    if (label < 0) problems.push(`${annotations}:${i + 1}: "${wnid}" is not in wnids.txt`);
    else if (!there.has(file)) problems.push(`${annotations}:${i + 1}: ${folder}/${file} is missing`);
    else if (labels.has(file)) problems.push(`${annotations}:${i + 1}: ${file} a second time`);
    else labels.set(file, label);
  });
  for (const file of files)
    if (!labels.has(file)) problems.push(`${folder}/${file}: no class in val_annotations.txt`);
  const present = new Set(labels.values());
  wnids.forEach((wnid, label) => {
    if (!present.has(label)) problems.push(`${annotations}: no picture of ${wnid}`);
  });
  return files.flatMap((file) => {
    const label = labels.get(file);
    return label === undefined ? [] : [{ path: `${folder}/${file}`, label }];
  });
}

/** The lines of a text file, empty ones left out; undefined when it is not there. */
async function linesOf(root: string, file: string): Promise<string[] | undefined> {
  try {
    const text = await readFile(join(root, file), 'utf8');
    return text.split(/\r?\n/).filter((line) => line.trim() !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
