import { Flags } from '@oclif/core';

import { Store } from '../../pipeline/store.js';
import { BaseCommand } from '../../ui/base-command.js';
import { columns } from '../../ui/columns.js';
import { formatBytes, formatDuration } from '../../ui/format.js';

/** A line of the list. */
export interface ListedRecord {
  readonly stage: string;
  readonly key: string;
  readonly task: string;
  readonly finishedAt: string;
  readonly bytes: number;
  readonly wallMs: number;
}

export default class CacheLs extends BaseCommand<typeof CacheLs> {
  static override summary = 'List the finished stages in the store';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --stage gate',
  ];
  static override flags = { stage: Flags.string({ summary: 'Only records of this stage' }) };

  async run(): Promise<ListedRecord[]> {
    const store = new Store(this.storeDir);
    const stages = this.flags.stage
      ? [this.flags.stage]
      : [...new Set((await store.places()).map((p) => p.stage))];
    const records = (await Promise.all(stages.map((stage) => store.records(stage)))).flat();
    const listed = records.map(({ stage, key, task, finishedAt, wallMs, outputs }) => ({
      stage,
      key,
      task,
      finishedAt,
      bytes: outputs.reduce((sum, output) => sum + output.bytes, 0),
      wallMs,
    }));
    if (listed.length === 0) this.print(`No finished stages in ${store.root}`);
    else this.print(table(listed));
    return listed;
  }
}

function table(records: readonly ListedRecord[]): string {
  const total = records.reduce((sum, record) => sum + record.bytes, 0);
  const rows = records.map(({ task, key, finishedAt, bytes, wallMs }) => [
    task,
    key.slice(0, 12),
    finishedAt.slice(0, 16).replace('T', ' '),
    { right: formatBytes(bytes) },
    { right: formatDuration(wallMs) },
  ]);
  const head = ['TASK', 'KEY', 'FINISHED (UTC)', { right: 'SIZE' }, { right: 'TIME' }];
  return `${columns([head, ...rows])}\n${records.length} records, ${formatBytes(total)}`;
}
