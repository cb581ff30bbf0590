/**
 * A command on top of the base command that runs test stages: `node cli.mjs [TASKS.json] [flags]`.
 * What real commands inherit is tested with it, without TensorFlow.
 */
import { readFileSync } from 'node:fs';

import { Args, Flags } from '@oclif/core';

import { ConfigError } from '../../../dist/core/diagnostics.js';
import * as errors from '../../../dist/core/errors.js';
import { planKeys } from '../../../dist/pipeline/key.js';
import { runTasks } from '../../../dist/pipeline/scheduler.js';
import { Store } from '../../../dist/pipeline/store.js';
import { BaseCommand } from '../../../dist/ui/base-command.js';
import { stages } from './stages.mjs';

const diagnostic = {
  code: 'PN205',
  message: 'the file is empty',
  file: 'a.yaml',
  line: 1,
  column: 1,
  length: 1,
  source: '',
};

class TestCommand extends BaseCommand {
  static args = { tasks: Args.string() };
  static flags = {
    throw: Flags.string({ summary: 'Name of an error class to end with' }),
    lines: Flags.integer({ default: 1 }),
  };

  async run() {
    const { throw: name, lines } = this.flags;
    if (name === 'ConfigError') throw new ConfigError([diagnostic]);
    if (name === 'TypeError') throw new TypeError('x is not a function');
    if (name) throw new errors[name]('it happened', { code: 'PN999', where: 'here', fix: 'Mend it.' });
    let kept = 0;
    if (this.args.tasks)
      await this.reporting(async (emit) => {
        const results = await runTasks({
          name: 'test',
          engine: 'none',
          resume: 'the same command',
          tasks: planKeys(JSON.parse(readFileSync(this.args.tasks, 'utf8')), stages, {
            seed: 1,
            engineId: {},
          }),
          seed: 1,
          store: await Store.open(this.storeDir),
          workerUrl: new URL('./worker.mjs', import.meta.url),
          runtime: { files: {}, cores: 1, memoryBytes: 1e9 },
          jobs: 2,
          engineJobs: 1,
          emit,
          signal: this.signal,
          keepGoing: false,
        });
        kept = results.size;
      }, 'test');
    for (let line = 0; line < lines; line++) this.print(`result ${line}`);
    return { kept };
  }
}

await TestCommand.run(process.argv.slice(2), import.meta.url);
