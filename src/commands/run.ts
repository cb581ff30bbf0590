import { join, resolve } from 'node:path';
import { availableParallelism } from 'node:os';

import { Args, Flags } from '@oclif/core';

import { ensureDataset } from '../datasets/index.js';
import { installEngine } from '../engine/install.js';
import { loadExperiment } from '../experiment/load.js';
import { memoryBytes } from '../experiment/memory.js';
import { planKeys } from '../pipeline/key.js';
import { runTasks } from '../pipeline/scheduler.js';
import { Store } from '../pipeline/store.js';
import { BaseCommand } from '../ui/base-command.js';
import { commandLine } from '../ui/command-line.js';

export default class Run extends BaseCommand<typeof Run> {
  static override summary = 'Run an experiment: whatever of it is not in the store yet, then its tables';
  static override description =
    'Sets up TensorFlow and the data set first if they are missing, and says what it fetches. Stop it with Ctrl-C at any time: finished stages are kept and the same command goes on from them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml',
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml --set gate.sigma.quantile=0.9',
  ];
  static override args = {
    config: Args.string({ required: true, description: 'The experiment, a YAML file' }),
  };
  static override flags = {
    set: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      default: [],
      helpValue: 'PATH=VALUE',
      summary: 'Use another value for a key of the file',
    }),
    offline: Flags.boolean({ summary: 'Fetch nothing: fail when TensorFlow or the data set is missing' }),
    jobs: Flags.integer({
      min: 1,
      summary: 'Stages at once (stages on TensorFlow: always one). Default: all cores',
    }),
    'keep-going': Flags.boolean({
      summary: 'After a failure go on with everything that does not depend on it',
    }),
    out: Flags.string({ helpValue: 'DIR', summary: 'Folder of the results. Default: results/<name>' }),
  };

  async run(): Promise<unknown> {
    const { flags, args, cacheDir, signal } = this;
    const experiment = await loadExperiment(args.config, flags.set);
    const { name, seed } = experiment;
    const result = await this.reporting(async (emit) => {
      const setUp = { cacheDir, offline: flags.offline, emit, signal };
      const engine = await installEngine({ ...setUp, device: experiment.engine.device });
      await ensureDataset(experiment.dataset.name, setUp);
      const { planExperiment } = await import('../experiment/plan.js');
      const { stages } = await import('../stages/index.js');
      const { tasks, files } = await planExperiment(experiment);
      const cores = availableParallelism();
      const done = await runTasks({
        name,
        seed,
        engine: `TensorFlow ${engine.id.tensorflow} on ${engine.id.device} (${engine.id.instructionSet})`,
        resume: commandLine(['patchnas', 'run', ...this.argv]),
        tasks: planKeys(tasks, stages, { seed, engineId: { ...engine.id } }),
        store: await Store.open(this.storeDir),
        workerUrl: new URL('../stages/worker.js', import.meta.url),
        runtime: { engineDir: engine.dir, files, cores, memoryBytes: memoryBytes(experiment.engine.memory) },
        jobs: flags.jobs ?? cores,
        emit,
        signal,
        keepGoing: flags['keep-going'],
      });
      const { publishResults } = await import('../experiment/publish.js');
      return publishResults(experiment, done, resolve(flags.out ?? join('results', name)));
    }, name);
    this.print(result.text);
    return result.tables;
  }
}
