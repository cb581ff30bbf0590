import { environmentsOf } from '../experiment/environments.js';
import { loadExperiment } from '../experiment/load.js';
import type { Experiment } from '../experiment/schema.js';
import { BaseCommand } from '../ui/base-command.js';
import { configArg, setFlag } from '../ui/experiment-args.js';

export default class Validate extends BaseCommand<typeof Validate> {
  static override summary = 'Check an experiment file';
  static override description =
    'Names every problem with its line and column and ends with exit code 2; runs nothing and writes nothing. With --json prints the experiment with every default filled in.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml',
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml --set gate.sigma=1.9',
  ];
  static override args = configArg;
  static override flags = setFlag;

  async run(): Promise<Experiment> {
    const experiment = await loadExperiment(this.args.config, this.flags.set ?? []);
    const { repeats, methods, name } = experiment;
    const size = [
      count(environmentsOf(experiment).length, 'environment'),
      count(repeats, 'repeat'),
      count(methods.length, 'method'),
    ];
    this.print(`${this.args.config} is valid: ${name}, ${size.join(' x ')}`);
    return experiment;
  }
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
