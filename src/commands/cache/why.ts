import { Args } from '@oclif/core';

import { StoreError } from '../../core/errors.js';
import { type Difference, differences, mostAlike } from '../../pipeline/alike.js';
import { findByPrefix } from '../../pipeline/find-record.js';
import type { StageRecord } from '../../pipeline/record.js';
import { Store } from '../../pipeline/store.js';
import { BaseCommand } from '../../ui/base-command.js';
import { formatDifference } from '../../ui/difference.js';

export default class CacheWhy extends BaseCommand<typeof CacheWhy> {
  static override summary =
    'Say what a record was made from, and how that differs from another record of its stage';
  static override examples = [
    '<%= config.bin %> <%= command.id %> 3f2a90',
    '<%= config.bin %> <%= command.id %> 3f2a90 81c4d2',
  ];
  static override args = {
    key: Args.string({ required: true, description: 'Key, or its beginning, as "cache ls" shows it' }),
    other: Args.string({
      description: 'The key to compare with; without it, the most alike record of the stage',
    }),
  };

  async run(): Promise<{
    record: StageRecord;
    other: string | undefined;
    differences: readonly Difference[];
  }> {
    const store = new Store(this.storeDir);
    const record = await this.read(store, this.args.key);
    const other =
      this.args.other === undefined
        ? await this.mostAlike(store, record)
        : await this.read(store, this.args.other);
    const found = other ? differences(other.hashed, record.hashed) : [];
    this.print(`${record.task} ${record.key}`);
    this.print(JSON.stringify(JSON.parse(record.hashed), null, 2));
    if (!other) this.print(`\nThere is no other record of stage ${record.stage}.`);
    else {
      this.print(`\nCompared with ${other.task} ${other.key.slice(0, 12)}:`);
      for (const each of found) this.print(`  ${formatDifference(each)}`);
    }
    return { record, other: other?.key, differences: found };
  }

  private async read(store: Store, prefix: string): Promise<StageRecord> {
    const place = await findByPrefix(store, prefix);
    const found = await store.find(place);
    if (found.state === 'hit') return found.record;
    const reason = found.state === 'damaged' ? found.reason : 'it is gone';
    throw new StoreError(`the record cannot be used: ${reason}`, {
      code: 'PN607',
      where: store.folder(place),
      fix: 'Set it aside with: patchnas cache verify',
    });
  }

  private async mostAlike(store: Store, record: StageRecord): Promise<StageRecord | undefined> {
    const others = (await store.records(record.stage)).filter(({ key }) => key !== record.key);
    return mostAlike({ stage: record.stage, key: record.key, text: record.hashed }, record.task, others)
      ?.record;
  }
}
