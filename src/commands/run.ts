import { join, relative, resolve } from 'node:path';
import { availableParallelism } from 'node:os';

import { Flags } from '@oclif/core';

import { digestMemoryIn } from '../core/digest-memory.js';
import { version } from '../core/version.js';
import { ensureDataset } from '../datasets/index.js';
import { engineText } from '../engine/engine-record.js';
import { installEngine } from '../engine/install.js';
import { withPrecision } from '../engine/precision.js';
import { loadExperiment } from '../experiment/load.js';
import { memoryBytes } from '../experiment/memory.js';
import { planExperiment, type ExperimentPlan } from '../experiment/plan.js';
import { publishResults, type Provenance } from '../experiment/publish.js';
import type { Experiment } from '../experiment/schema.js';
import { planKeys } from '../pipeline/key.js';
import { runTasks, type RunOptions, type TaskResult } from '../pipeline/scheduler.js';
import type { Task } from '../pipeline/stage.js';
import { Store } from '../pipeline/store.js';
import { tasksUntil } from '../pipeline/until.js';
import type { ReportTables } from '../report/index.js';
import { stages } from '../stages/index.js';
import { BaseCommand } from '../ui/base-command.js';
import { commandLine } from '../ui/command-line.js';
import { configArg, setFlag } from '../ui/experiment-args.js';
import { viewOf } from '../ui/view.js';

export default class Run extends BaseCommand<typeof Run> {
  static override summary = 'Run an experiment: whatever of it is not in the store yet, then its tables';
  static override description =
    'Sets up TensorFlow and the data set first if they are missing, and says what it fetches. Stop it with Ctrl-C at any time: finished stages are kept and the same command goes on from them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml',
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml --set gate.sigma.quantile=0.9',
  ];
  static override args = configArg;
  static override flags = {
    ...setFlag,
    offline: Flags.boolean({ summary: 'Fetch nothing: fail when TensorFlow or the data set is missing' }),
    jobs: Flags.integer({
      min: 1,
      summary: 'Stages at once. Default: all cores',
    }),
    'engine-jobs': Flags.integer({
      min: 1,
      summary: 'Stages on TensorFlow at once. Default: two on a CPU, one on a GPU',
      description:
        'A small network leaves half of two cores idle, so two stages go faster than one after the other; each needs memory of its own. No result depends on it.',
    }),
    'keep-going': Flags.boolean({
      summary: 'After a failure go on with everything that does not depend on it',
    }),
    until: Flags.string({
      helpValue: 'STAGE',
      summary: 'Stop after this stage and say where its outputs are, such as the weights of "pretrain"',
    }),
    out: Flags.string({ helpValue: 'DIR', summary: 'Folder of the results. Default: results/<name>' }),
  };

  async run(): Promise<ReportTables | readonly FinishedTask[]> {
    const { flags, args, cacheDir, signal } = this;
    const experiment = await loadExperiment(args.config, flags.set ?? []);
    const { name } = experiment;
    const command = commandLine(['patchnas', 'run', ...this.argv]);
    const result = await this.reporting(async (emit) => {
      const prepared = await prepareRun(experiment, { cacheDir, offline: flags.offline, emit, signal });
      const { engine, plan } = prepared;
      const { until } = flags;
      const tasks = until === undefined ? plan.tasks : tasksUntil(plan.tasks, until);
      const results = await executeRun(prepared, {
        tasks,
        resume: command,
        store: await Store.open(this.storeDir),
        jobs: flags.jobs,
        engineJobs: flags['engine-jobs'],
        keepGoing: flags['keep-going'],
        emit,
        signal,
      });
      if (until !== undefined) return finishedTasks(tasks, until, results);
      return publishResults({
        experiment,
        plan,
        results,
        provenance: provenanceOf(command, engine),
        dir: resolve(flags.out ?? join('results', name)),
        view: viewOf(process.stdout),
        emit,
      });
    }, name);
    if (Array.isArray(result)) {
      for (const { task, folder } of result) this.print(`${task}: ${folder}`);
      return result;
    }
    this.print(`${result.text}\nResults: ${relative('.', result.dir)}; report.html there shows more`);
    return result.tables;
  }
}

interface FinishedTask {
  readonly task: string;
  /** Where its outputs are. */
  readonly folder: string;
}

function finishedTasks(
  tasks: readonly Task[],
  stage: string,
  results: ReadonlyMap<string, TaskResult>,
): FinishedTask[] {
  return tasks
    .filter((task) => task.stage === stage)
    .map(({ id }) => ({ task: id, folder: results.get(id)!.folder }));
}

interface SetUp extends Pick<RunOptions, 'emit' | 'signal'> {
  readonly cacheDir: string;
  readonly offline: boolean;
}

/** An experiment with everything that it needs here. */
export interface PreparedRun {
  readonly experiment: Experiment;
  readonly engine: Awaited<ReturnType<typeof installEngine>>;
  /** Folder of the data set. */
  readonly dataset: string;
  readonly plan: ExperimentPlan;
}

/** Sets up TensorFlow and the data set where they are missing, and plans. */
export async function prepareRun(experiment: Experiment, setUp: SetUp): Promise<PreparedRun> {
  const installed = await installEngine({ ...setUp, device: experiment.engine.device });
  const engine = { ...installed, id: withPrecision(installed.id, experiment.engine.precision) };
  const own = 'root' in experiment.dataset ? { from: experiment.dataset.root } : {};
  const dataset = await ensureDataset(experiment.dataset.name, { ...setUp, ...own }, experiment.dataset);
  const plan = await planExperiment(experiment, digestMemoryIn(setUp.cacheDir));
  return { experiment, engine, dataset, plan };
}

interface Execution extends Pick<RunOptions, 'resume' | 'store' | 'keepGoing' | 'emit' | 'signal'> {
  /** Of the plan. */
  readonly tasks: readonly Task[];
  /** Undefined: as many as this machine is good for. */
  readonly jobs: number | undefined;
  readonly engineJobs: number | undefined;
}

/** Runs the tasks that the store lacks. */
export async function executeRun(
  { experiment, engine, dataset, plan }: PreparedRun,
  { tasks, jobs, engineJobs, ...options }: Execution,
): Promise<Map<string, TaskResult>> {
  const { name, seed } = experiment;
  const cores = availableParallelism();
  return runTasks({
    ...options,
    name,
    seed,
    engine: engineText(engine.id),
    tasks: planKeys(tasks, stages, { seed, engineId: { ...engine.id } }),
    workerUrl: new URL('../stages/worker.js', import.meta.url),
    runtime: {
      engineDir: engine.dir,
      precision: engine.id.precision,
      files: { ...plan.files, [plan.datasetDigest]: dataset },
      cores,
      memoryBytes: memoryBytes(experiment.engine.memory),
    },
    jobs: jobs ?? cores,
    engineJobs: engineJobs ?? (engine.id.device === 'cpu' ? 2 : 1),
  });
}

/** What the manifest tells of where results come from. */
export function provenanceOf(command: string, { id }: PreparedRun['engine']): Provenance {
  return { command, patchnas: version, node: process.versions.node, engine: { ...id } };
}
