import { mkdtemp, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

import { Args, Flags } from '@oclif/core';

import { formatError, Interrupted, ResultsDiffer, UsageError } from '../core/errors.js';
import { publishResults } from '../experiment/publish.js';
import {
  checkSources,
  compareWithRecord,
  recordedExperiment,
  type Reproduced,
} from '../experiment/reproduce.js';
import { Store } from '../pipeline/store.js';
import { readManifest, readTables, reproducedText } from '../report/index.js';
import { BaseCommand } from '../ui/base-command.js';
import { commandLine } from '../ui/command-line.js';
import { viewOf } from '../ui/view.js';
import Run, { executeRun, prepareRun, provenanceOf } from './run.js';

interface Reproduction extends Reproduced {
  /** Folders of the record and of the new results. */
  readonly recorded: string;
  readonly results: string;
  readonly isReproduced: boolean;
  readonly stages: { readonly ran: number; readonly kept: number };
}

export default class Reproduce extends BaseCommand<typeof Reproduce> {
  static override summary = 'Run a recorded experiment again and compare its tables with the recorded ones';
  static override description =
    'On the engine of the record every table must be the same bytes; on another engine every accuracy must lie inside the recorded 95 % interval. Ends with exit code 7 where that is not so, and says what differs. What the store holds is taken from there: --fresh runs everything.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> results/quickstart',
    '<%= config.bin %> <%= command.id %> results/quickstart --only fog --fresh',
  ];
  static override args = {
    results: Args.string({ required: true, description: 'Folder that "run" wrote' }),
  };
  static override flags = {
    only: Flags.string({ helpValue: 'NOISE', summary: 'Only this environment' }),
    config: Flags.string({
      helpValue: 'FILE',
      summary: 'The experiment file that was run, where its weights are not found from resolved.yaml',
    }),
    fresh: Flags.boolean({
      exclusive: ['store'],
      summary: 'Run every stage, in a store of its own that is removed at the end',
    }),
    out: Flags.string({
      helpValue: 'DIR',
      summary:
        'Folder of the new results. Default: beside the record, its name with "-reproduced" and the environment of --only',
    }),
    offline: Run.flags.offline,
    jobs: Run.flags.jobs,
    'engine-jobs': Run.flags['engine-jobs'],
  };

  async run(): Promise<Reproduction> {
    const { args, flags, cacheDir, signal } = this;
    const { only } = flags;
    const recorded = resolve(args.results);
    const out = resolve(
      flags.out ?? [recorded, 'reproduced', ...(only === undefined ? [] : [only])].join('-'),
    );
    if (out === recorded)
      throw new UsageError('the new results would take the place of the record', {
        code: 'PN283',
        where: recorded,
        fix: 'Give --out another folder.',
      });
    const [manifest, tables] = await Promise.all([readManifest(recorded), readTables(recorded)]);
    const experiment = await recordedExperiment(args.results, flags.config, only);
    const command = commandLine(['patchnas', 'reproduce', ...this.argv]);
    const reproduction = await this.reporting(async (emit) => {
      const prepared = await prepareRun(experiment, { cacheDir, offline: flags.offline, emit, signal });
      const { engine, plan } = prepared;
      checkSources(args.results, plan, manifest);
      return this.withStore(async (store, resume) => {
        const results = await executeRun(prepared, {
          tasks: plan.tasks,
          resume,
          store,
          jobs: flags.jobs,
          engineJobs: flags['engine-jobs'],
          keepGoing: false,
          emit,
          signal,
        });
        const provenance = provenanceOf(command, engine);
        const view = viewOf(process.stdout);
        const published = await publishResults({
          experiment,
          plan,
          results,
          provenance,
          dir: out,
          view,
          emit,
        });
        const again = { ...published, engine: engine.id };
        const found = await compareWithRecord(recorded, { tables, manifest }, again, only);
        const kept = [...results.values()].filter(({ isHit }) => isHit).length;
        return {
          recorded: args.results,
          results: relative('.', published.dir),
          isReproduced: found.files.length === 0 && found.figures.length === 0,
          ...found,
          stages: { ran: results.size - kept, kept },
        };
      });
    }, experiment.name);
    this.show(reproduction, only);
    return reproduction;
  }

  /**
   * Gives the store with the command that goes on from it: for `--fresh` an empty store, which is removed afterwards
   * unless the run was interrupted.
   */
  private async withStore<R>(work: (store: Store, resume: string) => Promise<R>): Promise<R> {
    const words = ['patchnas', 'reproduce', ...this.argv];
    if (!this.flags.fresh) return work(await Store.open(this.storeDir), commandLine(words));
    const folder = await mkdtemp(join(this.cacheDir, 'fresh-store-'));
    const resume = [...words.filter((word) => word !== '--fresh'), '--store', folder];
    let isToKeep = false;
    try {
      return await work(await Store.open(folder), commandLine(resume));
    } catch (error) {
      isToKeep = error instanceof Interrupted;
      throw error;
    } finally {
      if (!isToKeep) await rm(folder, { recursive: true, force: true });
    }
  }

  private show(reproduction: Reproduction, only: string | undefined): void {
    const { rule, compared, files, figures, stages, isReproduced, recorded, results } = reproduction;
    const what = only === undefined ? '' : ` of ${only}`;
    if (!isReproduced) this.print(reproducedText(files, figures));
    else if (rule === 'bytes')
      this.print(`${recorded}: reproduced: the same bytes, ${compared} figures${what}`);
    else
      this.print(
        `${recorded}: reproduced on another engine: all ${compared} accuracies${what} inside the recorded 95 % intervals`,
      );
    const kept = stages.kept === 0 ? '' : `, ${stages.kept} were kept from earlier: --fresh runs these too`;
    this.print(`${stages.ran} stages ran${kept}\nResults: ${results}`);
    if (isReproduced) return;
    const fileCount = `${files.length} file${files.length === 1 ? '' : 's'}`;
    const error = new ResultsDiffer(
      rule === 'bytes'
        ? `not reproduced: ${fileCount} and ${figures.length} of ${compared} figures${what} differ`
        : `not reproduced on another engine: ${figures.length} of ${compared} accuracies${what} outside the recorded 95 % intervals`,
      { code: 'PN700', where: recorded },
    );
    process.stderr.write(`${formatError(error)}\n`);
    process.exitCode = error.exitCode;
  }
}
