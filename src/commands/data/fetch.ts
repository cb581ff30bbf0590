import { resolve } from 'node:path';

import { Args, Flags } from '@oclif/core';

import { findEntry } from '../../core/entry.js';
import type { DatasetEntry } from '../../datasets/dataset.js';
import { datasets } from '../../datasets/index.js';
import { paramsOf } from '../../datasets/params.js';
import { BaseCommand } from '../../ui/base-command.js';

export default class DataFetch extends BaseCommand<typeof DataFetch> {
  static override summary = 'Put a data set into the cache and check every byte of it';
  static override description =
    'What is there already is checked, and fetched again only where it is damaged. "run" fetches what it needs by itself.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> cifar10',
    '<%= config.bin %> <%= command.id %> cifar10 --from ~/data/cifar-10-batches-bin',
  ];
  static override args = {
    name: Args.option({ options: datasets.map((entry) => entry.name) })({
      required: true,
      description: 'Which data set',
    }),
  };
  static override flags = {
    from: Flags.string({ summary: 'A folder that holds it in its official form; nothing is downloaded' }),
    offline: Flags.boolean({ summary: 'Download nothing: only check, or say what is missing' }),
  };

  async run(): Promise<{ name: string; folder: string }> {
    const { name } = this.args;
    const { from, offline } = this.flags;
    const entry = findEntry<DatasetEntry>(datasets, name);
    const dataset = await entry.load();
    const folder = await this.reporting((emit) =>
      dataset.ensure(
        {
          cacheDir: this.cacheDir,
          ...(from === undefined ? {} : { from: resolve(from) }),
          offline,
          thorough: true,
          emit,
          signal: this.signal,
        },
        paramsOf(entry),
      ),
    );
    this.print(folder === '' ? `${name}: ${dataset.sizeText}` : `${name} is whole in ${folder}`);
    return { name, folder };
  }
}
