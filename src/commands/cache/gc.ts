import { Flags } from '@oclif/core';

import { loadExperiment } from '../../experiment/load.js';
import { collectGarbage, type Removed } from '../../pipeline/gc.js';
import { Store } from '../../pipeline/store.js';
import { BaseCommand } from '../../ui/base-command.js';
import { formatBytes } from '../../ui/format.js';
import { keysOf } from '../plan.js';

const dayMs = 86_400_000;

export default class CacheGc extends BaseCommand<typeof CacheGc> {
  static override summary =
    'Remove stages that no run has used for some time, with their logs and checkpoints';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dry-run',
    '<%= config.bin %> <%= command.id %> --unused-for 0 --keep-for configs/quickstart.yaml',
  ];
  static override flags = {
    'unused-for': Flags.integer({
      min: 0,
      default: 30,
      helpValue: 'DAYS',
      summary: 'Keep what was used in the last days',
    }),
    'keep-for': Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      default: [],
      helpValue: 'CONFIG',
      summary: 'Keep whatever this experiment uses',
    }),
    'dry-run': Flags.boolean({ summary: 'Only say what would be removed' }),
  };

  async run(): Promise<readonly Removed[]> {
    const store = new Store(this.storeDir);
    const isDryRun = this.flags['dry-run'];
    const keep = new Set<string>();
    for (const config of this.flags['keep-for'])
      for (const { address } of await keysOf(await loadExperiment(config), this.cacheDir))
        if (address) keep.add(address.key);
    const removed = await collectGarbage(store, {
      keep,
      unusedSinceMs: Date.now() - this.flags['unused-for'] * dayMs,
      isDryRun,
    });
    const bytes = removed.reduce((sum, each) => sum + each.bytes, 0);
    for (const { path, bytes: size } of removed) this.print(`${path}  ${formatBytes(size)}`);
    this.print(`${isDryRun ? 'Would remove' : 'Removed'} ${removed.length} entries, ${formatBytes(bytes)}`);
    return removed;
  }
}
