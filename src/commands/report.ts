import { stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

import { Args, Flags } from '@oclif/core';

import { writeFileAtomic } from '../core/atomic-fs.js';
import { findResults } from '../experiment/find-results.js';
import { loadExperiment } from '../experiment/load.js';
import { readSources, reportHtml } from '../report/index.js';
import { BaseCommand } from '../ui/base-command.js';
import { openFile } from '../ui/open-file.js';

interface Written {
  readonly file: string;
}

export default class Report extends BaseCommand<typeof Report> {
  static override summary = 'Write the page of an experiment anew from its results, and open it';
  static override description =
    'One HTML file with all tables, figures, the experiment and the records; it loads nothing, so it can be sent as it is. "run" writes it too.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml --open',
    '<%= config.bin %> <%= command.id %> results/quickstart',
  ];
  static override args = {
    of: Args.string({ required: true, description: 'Experiment file, or a folder that "run" wrote' }),
  };
  static override flags = {
    open: Flags.boolean({ summary: 'Open it in the browser of this desktop' }),
  };

  async run(): Promise<Written> {
    const dir = await folderOf(this.args.of);
    const file = join(dir, 'report.html');
    await writeFileAtomic(file, reportHtml(await readSources(dir)));
    this.print(relative('.', file));
    if (this.flags.open) await openFile(file);
    return { file };
  }
}

async function folderOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return resolve(path);
  const experiment = await loadExperiment(path);
  return findResults(experiment, resolve('results', experiment.name));
}
