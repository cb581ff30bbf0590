import { join, resolve } from 'node:path';

import { Command, Errors, Flags, type Interfaces } from '@oclif/core';

import { Interrupted } from '../core/errors.js';
import type { Emit } from '../core/events.js';
import { Cancellation } from './cancellation.js';
import { reportError } from './error-report.js';
import { rendererNames } from './renderer.js';
import { Reporter } from './reporter.js';

export type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<
  (typeof BaseCommand)['baseFlags'] & T['flags']
>;
export type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>;

/**
 * What all commands share: flags, folders, events, cancellation, and how errors end them. A command parses nothing
 * itself: `flags` and `args` are there when `run` begins. It returns its result, which `--json` prints.
 */
export abstract class BaseCommand<T extends typeof Command> extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    debug: Flags.boolean({ summary: 'Show stack traces', helpGroup: 'GLOBAL' }),
    store: Flags.directory({
      summary: 'Folder of finished stages',
      description: 'Default: PATCHNAS_STORE, else "store" in the cache folder (PATCHNAS_CACHE)',
      helpGroup: 'GLOBAL',
    }),
    renderer: Flags.option({ options: rendererNames })({
      summary: 'How to show progress',
      description:
        'auto: listr on a terminal, plain in CI and pipes; all on stderr. json: one event a line on stdout (with --json on stderr), and no other output there',
      default: 'auto',
      helpGroup: 'GLOBAL',
    }),
  };

  protected flags!: FlagsOf<T>;
  protected args!: ArgsOf<T>;
  private readonly cancellation = new Cancellation();
  private reporter: Reporter | undefined;

  override async init(): Promise<void> {
    await super.init();
    endQuietlyWithoutReader();
    const { args, flags } = await this.parse({
      flags: this.ctor.flags,
      baseFlags: (super.ctor as typeof BaseCommand).baseFlags,
      enableJsonFlag: this.ctor.enableJsonFlag,
      args: this.ctor.args,
      strict: this.ctor.strict,
    });
    this.flags = flags as FlagsOf<T>;
    this.args = args as ArgsOf<T>;
  }

  /** Engines, data sets and, unless told otherwise, the store. */
  protected get cacheDir(): string {
    return resolve(process.env.PATCHNAS_CACHE || this.config.cacheDir);
  }

  protected get storeDir(): string {
    return resolve(this.flags.store ?? (process.env.PATCHNAS_STORE || join(this.cacheDir, 'store')));
  }

  /** Aborted by Ctrl-C and SIGTERM. */
  protected get signal(): AbortSignal {
    return this.cancellation.signal;
  }

  /**
   * Does work that speaks by events, and shows them.
   * @param run its name, where the events are to be kept in the store too
   */
  protected async reporting<R>(work: (emit: Emit) => Promise<R>, run?: string): Promise<R> {
    this.reporter = await Reporter.open(
      this.flags.renderer,
      { env: process.env, stdout: process.stdout, stderr: process.stderr, isJson: this.jsonEnabled() },
      run === undefined ? undefined : { store: this.storeDir, name: run },
    );
    try {
      return await work(this.reporter.emit);
    } finally {
      await this.reporter.end();
    }
  }

  /** Prints a result for people; not where stdout is for programs. */
  protected print(text: string): void {
    if (this.flags.renderer !== 'json') this.log(text);
  }

  /** Says what went wrong on stderr, the same with and without `--json`, and sets the exit code. */
  protected override async catch(error: Error & { exitCode?: number }): Promise<void> {
    if (error instanceof Errors.ExitError) throw error;
    const cause = this.signal.aborted && error.name === 'AbortError' ? interrupted(error) : error;
    const report = reportError(cause, this.argv.includes('--debug'));
    process.stderr.write(`${report.text}\n`);
    if (this.jsonEnabled()) this.logJson({ error: report.json });
    process.exitCode = report.exitCode;
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.cancellation.release();
    await super.finally(error);
  }
}

function interrupted(cause: Error): Interrupted {
  return new Interrupted('interrupted', {
    code: 'PN130',
    fix: 'Whatever was finished is kept; the same command goes on from it.',
    cause,
  });
}

/** `patchnas … | head` closes our output early: nobody reads on, so there is no more to do. */
function endQuietlyWithoutReader(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
}
