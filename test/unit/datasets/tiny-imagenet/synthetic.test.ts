import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { sha256 } from '../../../../src/core/digest.js';
import { DataError, formatError } from '../../../../src/core/errors.js';
import type { Emit } from '../../../../src/core/events.js';
import { Rng } from '../../../../src/core/rng.js';
import { drawShape } from '../../../../src/datasets/shapes/draw.js';
import { tinyImagenet } from '../../../../src/datasets/tiny-imagenet/dataset.js';
import { syntheticTinyImagenet as synthetic } from '../../../../src/datasets/tiny-imagenet/synthetic.js';
import { writeTinyImagenet } from '../../../support/image-sets.js';
import { tempFolder } from '../../../support/temp-folder.js';

const small = { classes: 3, train: 50, test: 13, seed: 1 };

function make(
  cacheDir: string,
  params: typeof small,
  emit: Emit = () => undefined,
  signal = new AbortController().signal,
): Promise<string> {
  return synthetic.ensure({ cacheDir, offline: true, emit, signal }, params);
}

/** SHA-256 of every file, by its path below the folder. */
async function filesOf(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const files = names.filter((name) => /\.\w+$/.test(name));
  return new Map(
    await Promise.all(files.map(async (name) => [name, sha256(await readFile(join(folder, name)))] as const)),
  );
}

async function whatIsSaid(folder: string, work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DataError)) throw new Error('no DataError', { cause: error });
  return formatError(error).replaceAll(folder, '<folder>');
}

describe('tiny-imagenet-synthetic', () => {
  it('has the form of the published folder', async () => {
    const folder = await make(await tempFolder(), { classes: 2, train: 10, test: 10, seed: 1 });
    const numbers = [0, 1, 2, 3, 4];
    expect([...(await filesOf(folder)).keys()]).toEqual([
      'SYNTHETIC.json',
      ...['n90000001', 'n90000002'].flatMap((wnid) => [
        ...numbers.map((i) => `train/${wnid}/images/${wnid}_${i}.JPEG`),
        `train/${wnid}/${wnid}_boxes.txt`,
      ]),
      ...Array.from({ length: 10 }, (_, i) => `val/images/val_${i}.JPEG`),
      'val/val_annotations.txt',
      'wnids.txt',
      'words.txt',
    ]);
    const lines = async (name: string): Promise<string[]> =>
      (await readFile(join(folder, name), 'utf8')).split('\n');
    expect(await lines('wnids.txt')).toEqual(['n90000002', 'n90000001', '']);
    expect((await lines('words.txt')).slice(0, 2)).toEqual([
      'n90000001\tsynthetic disc, drawing',
      'n90000002\tsynthetic ring, drawing',
    ]);
    expect(await lines('val/val_annotations.txt')).toEqual([
      ...numbers.flatMap((i) => [
        `val_${2 * i}.JPEG\tn90000001\t0\t0\t63\t63`,
        `val_${2 * i + 1}.JPEG\tn90000002\t0\t0\t63\t63`,
      ]),
      '',
    ]);
    expect(await lines('train/n90000002/n90000002_boxes.txt')).toEqual([
      ...numbers.map((i) => `n90000002_${i}.JPEG\t0\t0\t63\t63`),
      '',
    ]);
    const record = JSON.parse(await readFile(join(folder, 'SYNTHETIC.json'), 'utf8')) as { says: string };
    expect(record.says).toMatch(/^SYNTHETIC: drawings that patchnas made in the form of Tiny-ImageNet\./);
  });

  it('is read by the data set tiny-imagenet: labels, counts, names, and the drawings up to JPEG', async () => {
    const folder = await make(await tempFolder(), small);
    const content = await tinyImagenet.read(folder, { root: folder });
    expect(await synthetic.read(folder, small)).toEqual(content);
    expect(content.classes).toEqual(['synthetic disc', 'synthetic ring', 'synthetic square']);
    const { train, test } = content;
    expect(train.images.shape).toEqual([50, 64, 64, 3]);
    expect(test.images.shape).toEqual([13, 64, 64, 3]);
    // Files are sorted as texts: val_0, val_1, val_10, val_11, val_12, val_2, …
    const testOrder = [0, 1, 10, 11, 12, 2, 3, 4, 5, 6, 7, 8, 9];
    expect([...test.labels]).toEqual(testOrder.map((i) => i % 3));
    const trainOrder = [0, 1, 2].flatMap((label) =>
      Array.from({ length: label < 2 ? 17 : 16 }, (_, i) => String(i))
        .sort()
        .map((i) => 3 * Number(i) + label),
    );
    expect([...train.labels]).toEqual(trainOrder.map((i) => i % 3));
    const drawn = new Uint8Array(64 * 64 * 3);
    for (const [half, order] of [['train', trainOrder] as const, ['test', testOrder] as const])
      for (const [row, i] of order.entries()) {
        drawShape(i % 3, new Rng(1, `tiny-imagenet-synthetic/${half}`).child(i), 64, drawn);
        const seen = content[half].images.data.subarray(row * drawn.length, (row + 1) * drawn.length);
        const isGrey = i % 25 === 24;
        expect(seen.every((value, at) => value === seen[at - (at % 3)])).toBe(isGrey);
        if (!isGrey) expect(meanDifference(seen, drawn)).toBeLessThan(12);
      }
  });

  it('knows its shape without a file', async () => {
    const { classFolders, ...shape } = await synthetic.shape(small);
    expect(shape).toEqual({ train: 50, test: 13, height: 64, width: 64, classes: 3, isSynthetic: true });
    const folder = await make(await tempFolder(), small);
    expect(await tinyImagenet.shape({ root: folder })).toEqual({ ...shape, classFolders });
  });

  it('is known as synthetic where it stands in the place of the true one, without its record too', async () => {
    const folder = await make(await tempFolder(), small);
    const moved = join(await tempFolder(), 'tiny-imagenet-200');
    await rename(folder, moved);
    await rm(join(moved, 'SYNTHETIC.json'));
    expect((await tinyImagenet.shape({ root: moved })).isSynthetic).toBe(true);
    const own = await writeTinyImagenet(await tempFolder());
    expect('isSynthetic' in (await tinyImagenet.shape({ root: own }))).toBe(false);
  });

  it('is the same bytes for the same parameters, and others for another seed', async () => {
    const first = await filesOf(await make(await tempFolder(), small));
    expect(await filesOf(await make(await tempFolder(), small))).toEqual(first);
    const other = await filesOf(await make(await tempFolder(), { ...small, seed: 0 }));
    const pictures = [...first].filter(([name]) => name.endsWith('.JPEG'));
    expect(pictures).toHaveLength(63);
    expect(pictures.filter(([name, digest]) => other.get(name) === digest)).toEqual([]);
  });

  it('gives image i whatever the counts are', async () => {
    const few = await filesOf(await make(await tempFolder(), small));
    const more = await filesOf(await make(await tempFolder(), { ...small, train: 70, test: 20 }));
    for (const [name, digest] of few) if (name.endsWith('.JPEG')) expect(more.get(name)).toBe(digest);
  });

  it('is named by its parameters', async () => {
    const digest = await synthetic.digest(small);
    expect(await synthetic.digest({ ...small })).toBe(digest);
    for (const other of [{ classes: 4 }, { train: 51 }, { test: 14 }, { seed: 2 }])
      expect(await synthetic.digest({ ...small, ...other })).not.toBe(digest);
  });

  it('leaves a whole folder as it is, and makes a damaged one again', async () => {
    const cache = await tempFolder();
    expect(await synthetic.find(cache, small)).toBe('');
    const folder = await make(cache, small);
    expect(await synthetic.find(cache, small)).toBe(folder);
    const whole = await filesOf(folder);
    const events: unknown[] = [];
    const again = (): Promise<string> => make(cache, small, (event) => events.push(event));
    await again();
    expect(events).toEqual([]);
    const picture = join(folder, 'val/images/val_3.JPEG');
    const damages = [
      () => writeFile(picture, Buffer.alloc(1500, 1)),
      () => truncate(picture, 100),
      () => rm(join(folder, 'train/n90000002'), { recursive: true }),
      () => writeFile(join(folder, 'words.txt'), 'n90000001\tgoldfish\n'),
      () => truncate(join(folder, 'SYNTHETIC.json'), 700),
      () => rm(join(folder, 'SYNTHETIC.json')),
    ];
    for (const damage of damages) {
      await damage();
      expect(await again()).toBe(folder);
      expect(await filesOf(folder)).toEqual(whole);
    }
    expect(await readdir(dirname(folder))).toEqual(['3-classes-50-train-13-test-seed-1']);
    expect(events.at(-1)).toMatchObject({
      type: 'setup',
      what: 'drawing SYNTHETIC images in the form of Tiny-ImageNet',
      done: 69,
      total: 69,
    });
  });

  it('names what is damaged, and is not read then', async () => {
    const folder = await make(await tempFolder(), small);
    const picture = join(folder, 'val/images/val_3.JPEG');
    const { length } = await readFile(picture);
    await writeFile(picture, 'not an image');
    const bad = (await synthetic.verify(folder)).filter((check) => !check.ok);
    expect(bad.map(({ name, found }) => [name, found?.sizeBytes])).toEqual([['val/images/val_3.JPEG', 12]]);
    const said = await whatIsSaid(folder, synthetic.read(folder, small));
    expect(said.replaceAll(/SHA-256 [0-9a-f]{64}/g, 'SHA-256 …')).toBe(
      `PN331 1 of 69 files of tiny-imagenet-synthetic missing, truncated or altered
  val/images/val_3.JPEG: truncated
    expected ${length} bytes, SHA-256 …
    found 12 bytes, SHA-256 …
  at <folder>
  Remove this folder: it is made again when it is needed.`,
    );
    await rm(folder, { recursive: true });
    expect(await whatIsSaid(folder, synthetic.verify(folder))).toBe(
      `PN338 the data set tiny-imagenet-synthetic is not in the cache
  at <folder>
  Fetch it (made from its seed, nothing to fetch):
    patchnas data fetch tiny-imagenet-synthetic`,
    );
  });

  it('replaces nothing that it did not make', async () => {
    const cache = await tempFolder();
    const folder = synthetic.locate(cache, small);
    await mkdir(join(folder, 'val/images'), { recursive: true });
    await writeFile(join(folder, 'val/images/val_0.JPEG'), 'damaged, but a name of ours');
    await writeFile(join(folder, 'val/images/cat.JPEG'), 'a photograph');
    await writeFile(join(folder, 'thesis.tex'), 'years of work');
    const before = await filesOf(folder);
    expect(await whatIsSaid(folder, make(cache, small))).toBe(
      `PN341 there is something else where tiny-imagenet-synthetic is made
  thesis.tex
  val/images/cat.JPEG
  at <folder>
  Move it to another place: this folder belongs to patchnas.`,
    );
    expect(await filesOf(folder)).toEqual(before);
    expect(await readdir(dirname(folder))).toHaveLength(1);

    await rm(folder, { recursive: true });
    await writeFile(folder, 'a file');
    expect(await whatIsSaid(folder, make(cache, small))).toMatch(/^PN341 .*\n {2}3-classes-50-train/);
    expect(await readFile(folder, 'utf8')).toBe('a file');
  });

  it('leaves nothing when it is stopped or cannot write', async () => {
    const cache = await tempFolder();
    const stop = new AbortController();
    const halfway: Emit = (event) => {
      if (event.type === 'setup' && event.done > 0) stop.abort();
    };
    const stopped = make(cache, { ...small, train: 200 }, halfway, stop.signal);
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readdir(join(cache, 'datasets/tiny-imagenet-synthetic'))).toEqual([]);

    const file = join(cache, 'file');
    await writeFile(file, '');
    expect(await whatIsSaid(file, make(file, small))).toBe(
      `PN336 the data set cannot be written: a file stands where a folder must be
  at <folder>/datasets/tiny-imagenet-synthetic
  It takes 1 MB. Make room or give access, or set PATCHNAS_CACHE to another folder.`,
    );
  });
});

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}
