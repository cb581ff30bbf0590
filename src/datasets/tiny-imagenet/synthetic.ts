import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { canonicalJson } from '../../core/canonical-json.js';
import { sha256 } from '../../core/digest.js';
import { requireNone } from '../../core/problems.js';
import type { Dataset, DatasetParams, EnsureOptions, FileCheck } from '../dataset.js';
import { digestOfFile, digestOfFolder, type FileDigest } from '../folder/file-digests.js';
import { installFolder } from '../install-folder.js';
import { notInCache } from '../not-in-cache.js';
import { checkPinnedFiles, requireWhole, type PinnedFile } from '../pinned-files.js';
import { tinyImagenet } from './dataset.js';
import { side, syntheticFiles, syntheticPaths, type SyntheticParams } from './synthetic-files.js';
import { syntheticWnid } from './wnid.js';

const name = 'tiny-imagenet-synthetic';

/** Says to whoever opens the folder what it is, and to us what every file of it was. */
const recordName = 'SYNTHETIC.json';

interface SyntheticRecord {
  readonly says: string;
  readonly digest: string;
  readonly params: SyntheticParams;
  readonly files: readonly PinnedFile[];
}

const says =
  'SYNTHETIC: drawings that patchnas made in the form of Tiny-ImageNet. Nothing of Tiny-ImageNet is in this folder, and figures of it mean nothing.';

/**
 * A folder in the form of tiny-imagenet-200 that is made from a seed and read by the data set tiny-imagenet, to try
 * everything that belongs to that without having it: `<cache>/datasets/tiny-imagenet-synthetic/`, a folder for each
 * choice of parameters.
 */
export const syntheticTinyImagenet: Dataset = {
  sizeText: 'made from its seed, nothing to fetch',

  shape(params) {
    const { classes, train, test } = typed(params);
    const classFolders = Array.from({ length: classes }, (_, label) => syntheticWnid(label));
    return Promise.resolve({
      train,
      test,
      height: side,
      width: side,
      classes,
      classFolders,
      isSynthetic: true,
    });
  },

  locate: folderIn,

  async find(cacheDir, params) {
    const folder = folderIn(cacheDir, params);
    const record = await recordOf(folder);
    return record !== undefined && (await isWhole(folder, record, { digests: false })) ? folder : '';
  },

  /** What is damaged is made again, and so it is looked at byte for byte each time. */
  async ensure(options, params) {
    const folder = folderIn(options.cacheDir, params);
    const digest = await digestOf(typed(params));
    const isThere = async (place: string): Promise<boolean> => {
      await requireOwn(place, typed(params));
      const record = await recordOf(place);
      return record?.digest === digest && (await isWhole(place, record, { digests: true }));
    };
    if (await isThere(folder)) return folder;
    await installFolder(folder, {
      fill: (staged) => write(staged, typed(params), digest, options),
      isWhole: isThere,
      neededText: neededText(typed(params)),
    });
    return folder;
  },

  /** One line for a whole folder of thousands of files, else one for each. */
  async verify(folder) {
    const checks = await checked(folder);
    if (checks.some((check) => !check.ok)) return checks;
    const sizeBytes = checks.reduce((sum, { expected }) => sum + expected.sizeBytes, 0);
    const files = checks.map(({ name: path, expected }) => ({ path, ...expected }));
    const whole = { sizeBytes, sha256: digestOfFolder(files) };
    return [{ name: `${checks.length} files`, expected: whole, found: whole, ok: true }];
  },

  async read(folder) {
    requireWhole(
      name,
      folder,
      await checked(folder),
      'Remove this folder: it is made again when it is needed.',
    );
    return tinyImagenet.read(folder, { root: folder });
  },

  digest: (params) => digestOf(typed(params)),
};

function typed({ classes, train, test, seed }: DatasetParams): SyntheticParams {
  return { classes, train, test, seed } as SyntheticParams;
}

function folderIn(cacheDir: string, params: DatasetParams): string {
  const { classes, train, test, seed } = typed(params);
  return join(cacheDir, 'datasets', name, `${classes}-classes-${train}-train-${test}-test-seed-${seed}`);
}

/** A folder like all others, but small. */
const sample: SyntheticParams = { classes: 10, train: 30, test: 10, seed: 1 };
let sampleDigest: Promise<string> | undefined;

/**
 * Names the bytes of a folder by its parameters and by what a small one is when it is made here: another drawing,
 * another form of the texts and another JPEG encoder give other keys.
 */
async function digestOf({ classes, train, test, seed }: SyntheticParams): Promise<string> {
  sampleDigest ??= digestOfSample();
  return sha256(canonicalJson({ sample: await sampleDigest, classes, train, test, seed }));
}

async function digestOfSample(): Promise<string> {
  const digests: FileDigest[] = [];
  for await (const { path, bytes } of syntheticFiles(sample)) digests.push(digestOfFile(path, bytes));
  return digestOfFolder(digests);
}

async function write(
  staged: string,
  params: SyntheticParams,
  digest: string,
  { emit, signal }: EnsureOptions,
): Promise<void> {
  const files: PinnedFile[] = [];
  const folders = new Set<string>();
  const total = syntheticPaths(params).length;
  const what = 'drawing SYNTHETIC images in the form of Tiny-ImageNet';
  const report = (done: number): void =>
    emit({ type: 'setup', time: Date.now(), what, done, total, unit: 'files' });
  report(0);
  for await (const { path, bytes } of syntheticFiles(params)) {
    signal.throwIfAborted();
    const folder = dirname(join(staged, path));
    if (!folders.has(folder)) await mkdir(folder, { recursive: true });
    folders.add(folder);
    await writeFile(join(staged, path), bytes);
    files.push({ name: path, sizeBytes: bytes.length, sha256: sha256(bytes) });
    if (files.length % 100 === 0) report(files.length);
  }
  report(total);
  const record: SyntheticRecord = { says, digest, params, files };
  await writeFile(join(staged, recordName), `${JSON.stringify(record, undefined, 1)}\n`);
}

/** Files take up whole blocks of a disk. */
function neededText({ train, test }: SyntheticParams): string {
  return `${Math.ceil(((train + test) * 4.1 + 200) / 1000)} MB`;
}

/** Undefined where there is none, or none that can be read. */
async function recordOf(folder: string): Promise<SyntheticRecord | undefined> {
  try {
    const record = JSON.parse(await readFile(join(folder, recordName), 'utf8')) as Partial<SyntheticRecord>;
    return Array.isArray(record.files) ? (record as SyntheticRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** Every file of a folder, compared with what it was when it was made. @throws {DataError} PN338 without a record */
async function checked(folder: string): Promise<FileCheck[]> {
  const record = await recordOf(folder);
  if (record === undefined) throw notInCache(name, folder, syntheticTinyImagenet);
  return checkPinnedFiles(folder, record.files, { digests: true });
}

async function isWhole(
  folder: string,
  { files }: SyntheticRecord,
  options: { readonly digests: boolean },
): Promise<boolean> {
  return (await checkPinnedFiles(folder, files, options)).every((check) => check.ok);
}

/**
 * That nothing stands there but files that are made there, so that what is damaged can be replaced.
 * @throws {DataError} PN341
 */
async function requireOwn(folder: string, params: SyntheticParams): Promise<void> {
  const paths = [...syntheticPaths(params), recordName];
  const own = new Set([...paths, ...paths.flatMap(foldersOf)]);
  const others = (await namesBelow(folder)).filter((path) => !own.has(path)).sort();
  requireNone(others, {
    message: `there is something else where ${name} is made`,
    code: 'PN341',
    where: folder,
    fix: 'Move it to another place: this folder belongs to patchnas.',
  });
}

/** "a" and "a/b" of "a/b/c". */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** What is in a folder and in those below it; of a file itself, and nothing where there is none. */
async function namesBelow(folder: string): Promise<string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    return existsSync(folder) ? [basename(folder)] : [];
  }
}
