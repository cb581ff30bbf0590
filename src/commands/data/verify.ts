import { Args, Flags } from '@oclif/core';

import { findEntry } from '../../core/entry.js';
import type { DatasetEntry, FileCheck } from '../../datasets/dataset.js';
import { folderToRead } from '../../datasets/folder-to-read.js';
import { datasets } from '../../datasets/index.js';
import { notInCache } from '../../datasets/not-in-cache.js';
import { requireWhole } from '../../datasets/pinned-files.js';
import { BaseCommand } from '../../ui/base-command.js';

export default class DataVerify extends BaseCommand<typeof DataVerify> {
  static override summary = 'Compare a data set, byte for byte, with what it should be';
  static override examples = ['<%= config.bin %> <%= command.id %> cifar10'];
  static override args = {
    name: Args.option({ options: datasets.map((entry) => entry.name) })({
      required: true,
      description: 'Which data set',
    }),
  };

  static override flags = {
    from: Flags.string({ summary: 'The folder in which it stands. Default: the cache' }),
  };

  async run(): Promise<{ name: string; folder: string; files: readonly FileCheck[] }> {
    const { name } = this.args;
    const entry = findEntry<DatasetEntry>(datasets, name);
    const dataset = await entry.load();
    const { from } = this.flags;
    const folder = folderToRead(entry, dataset, { from, cacheDir: this.cacheDir });
    const files = await dataset.verify(folder);
    if (from === undefined && files.every((file) => file.found === undefined))
      throw notInCache(name, folder, dataset);
    requireWhole(
      name,
      folder,
      files,
      from === undefined
        ? `Fetch it again:\n  patchnas data fetch ${name}`
        : 'Copy these files again from where they came.',
    );
    for (const file of files) this.print(`${file.name}: ${file.expected.sizeBytes} bytes, as expected`);
    return { name, folder, files };
  }
}
