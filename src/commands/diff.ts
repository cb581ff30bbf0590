import { Args, Flags } from '@oclif/core';

import { formatError, ResultsDiffer } from '../core/errors.js';
import { compareResults, type ResultsComparison } from '../experiment/compare-results.js';
import { comparisonText, countsOf } from '../report/index.js';
import { BaseCommand } from '../ui/base-command.js';
import { formatDifference } from '../ui/difference.js';
import { viewOf } from '../ui/view.js';

export default class Diff extends BaseCommand<typeof Diff> {
  static override summary =
    'Say in what two folders of results differ, and which accuracies by more than chance';
  static override description =
    'Settings, engine and versions, and every figure of the tables; times are not compared. Ends with exit code 0 when all figures are the same, whatever else differs, and with 7 when some are not.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> results/quickstart results/quickstart-1b2c3d4e',
  ];
  static override args = {
    a: Args.string({ required: true, description: 'Folder that "run" wrote' }),
    b: Args.string({ required: true, description: 'The other one; differences are B - A' }),
  };
  static override flags = {
    all: Flags.boolean({ summary: 'Show also the accuracies that differ by no more than chance' }),
  };

  async run(): Promise<ResultsComparison> {
    const { args, flags } = this;
    const comparison = await compareResults(args.a, args.b);
    const { settings, origins, tables } = comparison;
    const listed = (title: string, found: typeof settings): string =>
      found.length === 0
        ? `${title}: none`
        : [`${title}, A -> B`, ...found.map((one) => `  ${formatDifference(one)}`)].join('\n');
    this.print(
      [
        `A: ${args.a}\nB: ${args.b}`,
        listed('Settings that differ', settings),
        listed('Engine, versions and data that differ', origins),
        comparisonText(tables, viewOf(process.stdout), flags.all),
      ].join('\n\n'),
    );
    const { figures, differing, resolved } = countsOf(tables);
    if (differing > 0) {
      const error = new ResultsDiffer(
        `the results differ in ${differing} of ${figures} figures, ${resolved} of them accuracies that differ by more than chance`,
        { code: 'PN701', where: `${args.a} and ${args.b}` },
      );
      process.stderr.write(`${formatError(error)}\n`);
      process.exitCode = error.exitCode;
    }
    return comparison;
  }
}
