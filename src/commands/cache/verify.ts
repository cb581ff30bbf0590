import { StoreError } from '../../core/errors.js';
import { verifyStore } from '../../pipeline/verify.js';
import { Store } from '../../pipeline/store.js';
import { BaseCommand } from '../../ui/base-command.js';

export default class CacheVerify extends BaseCommand<typeof CacheVerify> {
  static override summary = 'Compare every output in the store with its recorded SHA-256';
  static override description =
    'Damaged records are moved to the folder "damaged" of the store, and the next run makes them again. Exit code 6 when there were any.';

  async run(): Promise<{ records: number }> {
    const store = await Store.open(this.storeDir);
    const { whole, damaged } = await verifyStore(store, this.signal);
    for (const { stage, key, reason, movedTo } of damaged)
      this.print(`${stage} ${key.slice(0, 12)}: ${reason}; moved to ${movedTo}`);
    if (damaged.length > 0)
      throw new StoreError(`${damaged.length} of ${whole + damaged.length} records were damaged`, {
        code: 'PN605',
        where: store.root,
        fix: `They are set aside in ${store.path('damaged')}; the next run makes them again. If it happens often, check the disk.`,
      });
    this.print(`All ${whole} records in ${store.root} are whole.`);
    return { records: whole };
  }
}
