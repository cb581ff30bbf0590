import { Args, Flags } from '@oclif/core';

import { findEntry } from '../../core/entry.js';
import type { DatasetEntry, DatasetParams, LabelledImages } from '../../datasets/dataset.js';
import { datasets } from '../../datasets/index.js';
import { folderToRead } from '../../datasets/folder-to-read.js';
import { notInCache } from '../../datasets/not-in-cache.js';
import { paramsOf } from '../../datasets/params.js';
import { hasRoot } from '../../datasets/root.js';
import { channelStatistics, classCounts } from '../../datasets/statistics.js';
import { BaseCommand } from '../../ui/base-command.js';
import { columns } from '../../ui/columns.js';
import { formatCount } from '../../ui/format.js';

/** One half of a data set in numbers. */
interface Half {
  /** [n, height, width, 3] bytes. */
  readonly shape: readonly number[];
  /** Images of each class, in the order of the labels. */
  readonly counts: readonly number[];
  /** Of red, green and blue, in units of 0 to 1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

interface Inspection {
  readonly name: string;
  readonly summary: string;
  readonly source: string;
  readonly params: DatasetParams;
  readonly folder: string;
  readonly digest: string;
  readonly isSynthetic?: boolean;
  readonly classes: readonly string[];
  readonly train: Half;
  readonly test: Half;
}

export default class DataInspect extends BaseCommand<typeof DataInspect> {
  static override summary = 'Show layout, class counts, channel means and digest of a data set';
  static override description = 'Reads it all, with default parameters, and checks every byte on the way.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> cifar10',
    '<%= config.bin %> <%= command.id %> image-folder --from ~/data/leaves',
  ];
  static override args = {
    name: Args.option({ options: datasets.map((entry) => entry.name) })({
      required: true,
      description: 'Which data set',
    }),
  };

  static override flags = {
    from: Flags.string({ summary: 'The folder in which it stands. Default: the cache' }),
  };

  async run(): Promise<Inspection> {
    const entry = findEntry<DatasetEntry>(datasets, this.args.name);
    const dataset = await entry.load();
    const { from } = this.flags;
    const folder = folderToRead(entry, dataset, { from, cacheDir: this.cacheDir });
    const params = paramsOf(entry, hasRoot(entry) ? { root: folder } : {});
    if (from === undefined) {
      const files = await dataset.verify(folder);
      if (files.every((file) => file.found === undefined)) throw notInCache(entry.name, folder, dataset);
    }
    const { train, test, classes } = await dataset.read(folder, params);
    const { isSynthetic } = await dataset.shape(params);
    const inspection: Inspection = {
      name: entry.name,
      summary: entry.summary,
      source: entry.source,
      params,
      folder,
      digest: await dataset.digest(params),
      ...(isSynthetic && { isSynthetic }),
      classes,
      train: half(train, classes.length),
      test: half(test, classes.length),
    };
    this.print(text(inspection, dataset.sizeText));
    return inspection;
  }
}

function half({ images, labels }: LabelledImages, classes: number): Half {
  return { shape: images.shape, counts: classCounts(labels, classes), ...channelStatistics(images) };
}

function text(
  { name, summary, source, folder, digest, isSynthetic, classes, train, test }: Inspection,
  size: string,
): string {
  const count = (n: number): { right: string } => ({ right: formatCount(n) });
  const share = (n: number): { right: string } => ({ right: n.toFixed(5) });
  const [, height, width] = train.shape;
  const counts = columns([
    ['CLASS', { right: 'TRAIN' }, { right: 'TEST' }],
    ...classes.map((label, i) => [label, count(train.counts[i]!), count(test.counts[i]!)]),
    ['all', count(train.shape[0]!), count(test.shape[0]!)],
  ]);
  const channels = columns([
    ['CHANNEL', ...['TRAIN MEAN', 'STD', 'TEST MEAN', 'STD'].map((right) => ({ right }))],
    ...['red', 'green', 'blue'].map((channel, c) => [
      channel,
      ...[train.mean, train.std, test.mean, test.std].map((values) => share(values[c]!)),
    ]),
  ]);
  const head = columns([
    ['name', name],
    ['source', source],
    ...(isSynthetic ? [['SYNTHETIC', 'drawings made from a seed, nothing of the published images']] : []),
    ['images', `${height} x ${width} x 3 bytes (row, column, red-green-blue)`],
    ['size', size],
    ...(folder === '' ? [] : [['folder', folder]]),
    ['digest', digest],
  ]);
  return `${summary}\n\n${head}\n\n${counts}\n\n${channels}`;
}
