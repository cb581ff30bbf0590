import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { isErrno } from '../core/errno.js';
import { InternalError } from '../core/errors.js';
import { Draft, type Making } from './draft.js';
import { guardStore } from './io-error.js';
import type { Address } from './key.js';
import { claim, type Claim, type Holder, liveClaims, removeUnfinishedClaims } from './lock.js';
import { checkDigests, Damage, readRecord, type StageRecord } from './record.js';

/** What the store has under an address. */
export type Found =
  | { readonly state: 'hit'; readonly record: StageRecord }
  | { readonly state: 'miss' }
  | { readonly state: 'damaged'; readonly reason: string };

/** The part of an address that is a place. */
export type Place = Pick<Address, 'stage' | 'key'>;

const reserved = ['tmp', 'locks', 'damaged', 'checkpoints', 'logs', 'runs'];

/**
 * Finished stages by key: `<root>/<stage>/<key>/` holds `record.json` and the outputs. A folder of that name is
 * complete. Reading needs no `open`; a folder that does not exist is an empty store.
 */
export class Store {
  readonly root: string;
  /** Records whose digests agreed in this process. */
  private readonly verified = new Set<string>();

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** A store to write to: makes its folders and clears away what dead processes left half done. */
  static async open(root: string): Promise<Store> {
    const store = new Store(root);
    await guardStore(store.root, async () => {
      for (const folder of reserved) await mkdir(store.path(folder), { recursive: true });
      await store.sweep();
    });
    return store;
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  /** The folder of a record. */
  folder({ stage, key }: Place): string {
    if (!isStageName(stage))
      throw new InternalError(`no stage can have the name "${stage}"`, { code: 'PN156' });
    return this.path(stage, key);
  }

  /** Where checkpoints of this key survive a killed run. */
  checkpointFolder({ stage, key }: Place): string {
    return this.path('checkpoints', stage, key);
  }

  get locks(): string {
    return this.path('locks');
  }

  /** Looks at the record and at its outputs' sizes. */
  async find(place: Place): Promise<Found> {
    return this.examine(place, (record) => Promise.resolve(record));
  }

  /** As `find`, and reads every output once in this process to compare digests. */
  async verify(place: Place): Promise<Found> {
    const id = `${place.stage}/${place.key}`;
    return this.examine(place, async (record) => {
      if (!this.verified.has(id)) await checkDigests(this.folder(place), record);
      this.verified.add(id);
      return record;
    });
  }

  private async examine(place: Place, check: (record: StageRecord) => Promise<StageRecord>): Promise<Found> {
    const folder = this.folder(place);
    return guardStore(folder, async () => {
      try {
        if (!(await exists(folder))) return { state: 'miss' };
        return { state: 'hit', record: await check(await readRecord(folder, place.key)) };
      } catch (error) {
        if (error instanceof Damage) return { state: 'damaged', reason: error.message };
        throw error;
      }
    });
  }

  /** Notes that the record was of use now, which is what gc goes by. */
  async touch(place: Place): Promise<void> {
    const now = new Date();
    await utimes(this.folder(place), now, now).catch(() => undefined); // a read-only store is used all the same
  }

  /** Takes the sole right to write this key, or says who has it. */
  async claim({ stage, key }: Place): Promise<Claim | Holder> {
    return guardStore(this.locks, () => claim(this.locks, `${stage}-${key}`));
  }

  /** A folder to write the outputs into. Needs the claim on the key. */
  async draft(address: Address, held: Claim): Promise<Draft> {
    const draft = new Draft(address, this.path('tmp', held.token), this.folder(address), held);
    await guardStore(draft.folder, () => mkdir(draft.folder));
    return draft;
  }

  /** Publishes a draft; its digests were taken from the outputs just now. */
  async publish(draft: Draft, making: Making): Promise<StageRecord> {
    const record = await draft.publish(making);
    this.verified.add(`${record.stage}/${record.key}`);
    return record;
  }

  /** Moves a damaged record out of the way; returns where it is now. Needs the claim on the key. */
  async setAside(place: Place): Promise<string> {
    const target = this.path('damaged', `${place.stage}-${place.key}-${Date.now()}`);
    await guardStore(target, async () => {
      await mkdir(this.path('damaged'), { recursive: true });
      await rename(this.folder(place), target);
    });
    this.verified.delete(`${place.stage}/${place.key}`);
    return target;
  }

  /** All places of a stage, or of all stages, in the order of their names. Damaged ones are among them. */
  async places(stage?: string): Promise<Place[]> {
    return guardStore(this.root, async () => {
      const stages = stage === undefined ? await list(this.root) : [stage];
      const places: Place[] = [];
      for (const name of stages.filter(isStageName).sort())
        for (const key of (await list(this.path(name))).filter(isKey).sort())
          places.push({ stage: name, key });
      return places;
    });
  }

  /** The readable records of a stage; damaged ones are left out. */
  async records(stage: string): Promise<StageRecord[]> {
    const found = await Promise.all((await this.places(stage)).map((place) => this.find(place)));
    return found.flatMap((each) => (each.state === 'hit' ? [each.record] : []));
  }

  /** Removes a record and its outputs together: first the name, then the bytes. */
  async remove(place: Place): Promise<void> {
    const trash = this.path('tmp', `removed-${place.stage}-${place.key}`);
    await guardStore(this.folder(place), async () => {
      await mkdir(this.path('tmp'), { recursive: true });
      await rename(this.folder(place), trash);
      await rm(trash, { recursive: true, force: true });
    });
  }

  /** Whoever is writing to the store now. */
  async writers(): Promise<Holder[]> {
    return [...(await liveClaims(this.locks)).values()];
  }

  /** Removes temporary folders whose claim is dead. Lists folders first: a draft is never older than its claim. */
  private async sweep(): Promise<void> {
    const folders = await list(this.path('tmp'));
    const live = await liveClaims(this.locks);
    for (const folder of folders)
      if (!live.has(folder)) await rm(this.path('tmp', folder), { recursive: true, force: true });
    await removeUnfinishedClaims(this.locks);
  }
}

function isStageName(name: string): boolean {
  return /^[a-z][a-z0-9-]*$/.test(name) && !reserved.includes(name);
}

function isKey(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    (error: unknown) => {
      if (isErrno(error, 'ENOENT')) return false;
      throw error;
    },
  );
}

/** The names in a folder; none when there is no such folder. */
async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  });
}
