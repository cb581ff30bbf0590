import { Args, Flags } from '@oclif/core';

import { UsageError } from '../core/errors.js';
import {
  formatTables,
  paperFormats,
  paperNumbers,
  readTables,
  runsOf,
  type ReportTables,
} from '../report/index.js';
import { BaseCommand } from '../ui/base-command.js';
import { viewOf } from '../ui/view.js';

export default class Tables extends BaseCommand<typeof Tables> {
  static override summary = "Print the paper's tables 1 to 4 from results, of one network or several";
  static override description =
    'Table 1: single noises; 2: mixtures; 3: samples used; 4: parameters. Several folders stand in one table, network below network, where they hold the same noises. With --json prints the rows of all tables.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> results/quickstart',
    '<%= config.bin %> <%= command.id %> results/quickstart --table 1 --format latex',
  ];
  static override args = {
    results: Args.string({ required: true, multiple: true, description: 'Folders that "run" wrote' }),
  };
  static override flags = {
    format: Flags.option({ options: paperFormats })({ default: 'console', summary: 'Form of the tables' }),
    table: Flags.option({ options: paperNumbers })({
      multiple: true,
      multipleNonGreedy: true,
      summary: 'Only this table; may be given many times. Default: all, as CSV table 1',
    }),
  };

  async run(): Promise<readonly ReportTables[]> {
    const { args, flags } = this;
    const { format } = flags;
    const numbers = flags.table ?? (format === 'csv' ? ['1'] : paperNumbers);
    if (format === 'csv' && numbers.length > 1)
      throw new UsageError(`${numbers.length} tables in one CSV file`, {
        code: 'PN281',
        fix: 'Tables have columns of their own: give one --table at a time.',
      });
    const read = await Promise.all(args.results.map(async (dir) => ({ dir, tables: await readTables(dir) })));
    const text = formatTables(runsOf(read), numbers, format, viewOf(process.stdout));
    if (text === '')
      throw new UsageError(`these results have nothing for table ${numbers.join(', ')}`, {
        code: 'PN282',
        fix: 'Table 1 is of single noises and table 2 of mixtures: noise.types and noise.environments of an experiment.',
      });
    this.print(text.trimEnd());
    return read.map(({ tables }) => tables);
  }
}
