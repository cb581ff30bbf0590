import { Args } from '@oclif/core';

import { catalogueNames, catalogues, type Declaration } from '../experiment/catalogues.js';
import { entryList } from '../experiment/entry-list.js';
import { BaseCommand } from '../ui/base-command.js';

export default class List extends BaseCommand<typeof List> {
  static override summary = 'Show what an experiment file can name';
  static override description =
    'Networks, noises, self-supervised tasks, methods and data sets with their parameters. With --json also their sources and schemas.';
  static override examples = ['<%= config.bin %> <%= command.id %> noises'];
  static override args = {
    catalogue: Args.option({ options: catalogueNames })({ required: true, description: 'What to show' }),
  };

  run(): Promise<Declaration[]> {
    const catalogue = this.args.catalogue;
    this.print(entryList(catalogue));
    const entries: readonly Declaration[] = catalogues[catalogue];
    const declarations = entries.map(({ name, summary, source, version, params }) => ({
      name,
      summary,
      source,
      version,
      params,
    }));
    return Promise.resolve(declarations);
  }
}
