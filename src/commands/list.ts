import { Args } from '@oclif/core';

import {
  catalogueNames,
  catalogues,
  type CatalogueName,
  type Declaration,
} from '../experiment/catalogues.js';
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
    const name = this.args.catalogue as CatalogueName;
    const entries: readonly Declaration[] = catalogues[name];
    // An experiment file sets the parameters of these two only; of all others it lists names.
    this.print(entryList(entries, name === 'networks' || name === 'datasets'));
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
