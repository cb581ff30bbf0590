import { Args, Flags } from '@oclif/core';

import { adviceOf, adviceText, readResult, readTables, timesFromCsv, type Advice } from '../report/index.js';
import { UsageError } from '../core/errors.js';
import { BaseCommand } from '../ui/base-command.js';
import { viewOf } from '../ui/view.js';

export default class Advise extends BaseCommand<typeof Advise> {
  static override summary = 'Say which of the compared methods is worth taking, from results';
  static override description =
    'Weighs accuracy on noisy images, loss of clean accuracy, parameters to send and time of a repair. Marked are the methods that no other one beats in everything. With --json prints the figures.';
  static override examples = ['<%= config.bin %> <%= command.id %> results/quickstart --clean-loss 0.5'];
  static override args = {
    results: Args.string({ required: true, description: 'A folder that "run" wrote' }),
  };
  static override flags = {
    'clean-loss': Flags.string({
      default: '1',
      summary: 'Points of clean accuracy that a repair may cost',
    }),
  };

  async run(): Promise<readonly Advice[]> {
    const { args, flags } = this;
    const loss = Number(flags['clean-loss']);
    if (flags['clean-loss'].trim() === '' || !(loss >= 0 && loss <= 100))
      throw new UsageError(`--clean-loss is "${flags['clean-loss']}"`, {
        code: 'PN287',
        fix: 'Give a number of points from 0 to 100, such as 0.5.',
      });
    const tables = await readTables(args.results);
    const times = timesFromCsv(await readResult(args.results, 'times.csv'));
    this.print(adviceText(tables, times, loss / 100, viewOf(process.stdout)).trimEnd());
    return adviceOf(tables, times);
  }
}
