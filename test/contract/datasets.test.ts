import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { sha256 } from '../../src/core/digest.js';
import { datasets, openDataset } from '../../src/datasets/index.js';
import type { Dataset, DatasetContent, DatasetParams } from '../../src/datasets/dataset.js';
import { channelStatistics, classCounts } from '../../src/datasets/statistics.js';
import { cacheDir } from '../support/cache-dir.js';
import { writeImageFolder, writeTinyImagenet } from '../support/image-sets.js';

/** Data sets that stand in a folder of a person's own: small ones in the true form. */
const ownFolders: Record<string, (root: string) => Promise<string>> = {
  'image-folder': writeImageFolder,
  'tiny-imagenet': writeTinyImagenet,
};

/** What every data set has with its default parameters: counts per class, first labels, means and deviations. */
const pinned: Record<string, object> = {
  cifar10: {
    digest: 'ca8d1505e5c6e580647dd917a57c3168aff45cfbeba53a9ac991340e0cd6be87',
    trainCounts: new Array<number>(10).fill(5000),
    testCounts: new Array<number>(10).fill(1000),
    firstTrain: [6, 9, 9, 4, 1, 1, 2, 7, 8, 3],
    firstTest: [3, 8, 8, 0, 6, 6, 1, 6, 3, 1],
    trainMean: ['0.49140', '0.48216', '0.44653'],
    trainStd: ['0.24703', '0.24349', '0.26159'],
    testMean: ['0.49421', '0.48513', '0.45041'],
    testStd: ['0.24665', '0.24289', '0.26159'],
  },
  shapes: {
    digest: '3ad4340299e8afa3a81933507e0b1eb973ef8d028012b6b23b14f1d0a53815e9',
    trainCounts: new Array<number>(10).fill(200),
    testCounts: new Array<number>(10).fill(50),
    firstTrain: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    firstTest: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    trainMean: ['0.37129', '0.37411', '0.37891'],
    trainStd: ['0.21410', '0.21469', '0.21249'],
    testMean: ['0.37278', '0.37358', '0.37835'],
    testStd: ['0.20964', '0.21316', '0.21003'],
  },
  'image-folder': {
    digest: 'of its files',
    trainCounts: [5, 3],
    testCounts: [2, 2],
    firstTrain: [0, 0, 0, 0, 0, 1, 1, 1],
    firstTest: [0, 0, 1, 1],
    trainMean: ['0.53609', '0.47339', '0.48192'],
    trainStd: ['0.15170', '0.21873', '0.23807'],
    testMean: ['0.63591', '0.40396', '0.53027'],
    testStd: ['0.27878', '0.13805', '0.20748'],
  },
  'tiny-imagenet': {
    digest: 'of its files',
    trainCounts: [3, 3, 3],
    testCounts: [4, 4, 4],
    firstTrain: [0, 0, 0, 1, 1, 1, 2, 2, 2],
    firstTest: [1, 0, 0, 2, 2, 1, 0, 2, 1, 0],
    trainMean: ['0.52003', '0.64803', '0.63000'],
    trainStd: ['0.18777', '0.12218', '0.11535'],
    testMean: ['0.49683', '0.49914', '0.55286'],
    testStd: ['0.21598', '0.19016', '0.15803'],
  },
  'tiny-imagenet-synthetic': {
    digest: '5d4e76acd06cf4be1ce82f47c0c8dad64a5f8a25bfad9ef118ba5db083cb7712',
    trainCounts: new Array<number>(10).fill(100),
    testCounts: new Array<number>(10).fill(20),
    firstTrain: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    firstTest: [0, 1, 0, 0, 1, 2, 3, 4, 5, 6],
    trainMean: ['0.37591', '0.37484', '0.37259'],
    trainStd: ['0.21269', '0.21250', '0.21047'],
    testMean: ['0.36499', '0.37192', '0.38161'],
    testStd: ['0.21118', '0.20653', '0.20889'],
  },
};

const ownRoot = await mkdtemp(join(tmpdir(), 'patchnas-'));
afterAll(() => rm(ownRoot, { recursive: true, force: true }));

describe.each(datasets)('$name', ({ name, params: schema }) => {
  let dataset: Dataset;
  let params: DatasetParams;
  let folder: string;
  let content: DatasetContent;
  beforeAll(async () => {
    dataset = await openDataset(name);
    const write = ownFolders[name];
    const from = write && (await write(join(ownRoot, name)));
    params = Value.Default(schema, from === undefined ? {} : { root: from }) as DatasetParams;
    const { signal } = new AbortController();
    folder = await dataset.ensure(
      {
        cacheDir,
        ...(from === undefined ? {} : { from }),
        offline: true,
        emit: () => undefined,
        signal,
      },
      params,
    );
    content = await dataset.read(folder, params, await dataset.digest(params));
  });

  it('validates its defaults', () => {
    expect(Value.Check(schema, params)).toBe(true);
  });

  it('has the shape that it declares, in bytes', async () => {
    const { train, test, height, width, classes } = await dataset.shape(params);
    expect(content.train.images.shape).toEqual([train, height, width, 3]);
    expect(content.test.images.shape).toEqual([test, height, width, 3]);
    for (const { images, labels } of [content.train, content.test]) {
      expect(images.data).toBeInstanceOf(Uint8Array);
      expect(images.data).toHaveLength(images.shape.reduce((a, b) => a * b, 1));
      expect(labels).toHaveLength(images.shape[0]!);
      expect(labels.every((label) => label < classes)).toBe(true);
    }
    expect(new Set(content.classes).size).toBe(classes);
  });

  it('has no two equal images among the first 200 of both halves', () => {
    const size = content.train.images.data.length / content.train.labels.length;
    const digests = [content.train, content.test].flatMap(({ images }) =>
      Array.from({ length: Math.min(200, images.shape[0]!) }, (_, i) =>
        sha256(images.data.subarray(i * size, (i + 1) * size)),
      ),
    );
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('is the data set that it was', async () => {
    const { train, test, classes } = content;
    const digits = (values: readonly number[]): string[] => values.map((value) => value.toFixed(5));
    const [trainStatistics, testStatistics] = [
      channelStatistics(train.images),
      channelStatistics(test.images),
    ];
    expect({
      // The bytes of files that a test writes are the encoder's; another test tells what their digest stands for.
      digest: name in ownFolders ? 'of its files' : await dataset.digest(params),
      trainCounts: classCounts(train.labels, classes.length),
      testCounts: classCounts(test.labels, classes.length),
      firstTrain: [...train.labels.subarray(0, 10)],
      firstTest: [...test.labels.subarray(0, 10)],
      trainMean: digits(trainStatistics.mean),
      trainStd: digits(trainStatistics.std),
      testMean: digits(testStatistics.mean),
      testStd: digits(testStatistics.std),
    }).toEqual(pinned[name]);
  });

  it('gives the same bytes again', async () => {
    const again = await dataset.read(folder, params);
    for (const half of ['train', 'test'] as const) {
      expect(sha256(again[half].images.data)).toBe(sha256(content[half].images.data));
      expect(sha256(again[half].labels)).toBe(sha256(content[half].labels));
    }
  });

  it('passes its own check', async () => {
    const checks = await dataset.verify(folder);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(checks.length).toBeGreaterThan(0);
  });
});
