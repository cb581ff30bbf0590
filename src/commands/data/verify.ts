import { Args } from '@oclif/core';

import type { FileCheck } from '../../datasets/dataset.js';
import { datasets, openDataset } from '../../datasets/index.js';
import { notInCache } from '../../datasets/not-in-cache.js';
import { requireWhole } from '../../datasets/pinned-files.js';
import { BaseCommand } from '../../ui/base-command.js';

export default class DataVerify extends BaseCommand<typeof DataVerify> {
  static override summary = 'Compare a data set in the cache, byte for byte, with what it should be';
  static override examples = ['<%= config.bin %> <%= command.id %> cifar10'];
  static override args = {
    name: Args.option({ options: datasets.map((entry) => entry.name) })({
      required: true,
      description: 'Which data set',
    }),
  };

  async run(): Promise<{ name: string; folder: string; files: readonly FileCheck[] }> {
    const { name } = this.args;
    const dataset = await openDataset(name);
    const folder = dataset.locate(this.cacheDir);
    const files = await dataset.verify(folder);
    if (files.every((file) => file.found === undefined)) throw notInCache(name, folder, dataset);
    requireWhole(name, folder, files, `Fetch it again:\n  patchnas data fetch ${name}`);
    for (const file of files) this.print(`${file.name}: ${file.expected.sizeBytes} bytes, as expected`);
    return { name, folder, files };
  }
}
