import { Args } from '@oclif/core';

import { DataError } from '../../core/errors.js';
import type { FileCheck } from '../../datasets/dataset.js';
import { datasets, openDataset } from '../../datasets/index.js';
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
    const fix = `Fetch it (${dataset.sizeText}):\n  patchnas data fetch ${name}`;
    if (files.every((file) => file.found === undefined))
      throw new DataError(`the data set ${name} is not in the cache`, { code: 'PN338', where: folder, fix });
    requireWhole(name, folder, files, fix);
    for (const file of files) this.print(`${file.name}: ${file.expected.sizeBytes} bytes, as expected`);
    return { name, folder, files };
  }
}
