import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { version } from '../../../src/core/version.js';
import type { Address } from '../../../src/pipeline/key.js';
import { Claim } from '../../../src/pipeline/lock.js';
import { Store } from '../../../src/pipeline/store.js';
import { tempFolder } from '../../support/temp-folder.js';

const text = '{"inputs":{},"params":{},"stage":"bytes","version":1}';
const address: Address = { stage: 'bytes', key: sha256(text), text };
const making = { task: 'bytes/a', outputs: ['b.bin', 'a.json'], wallMs: 12.4, peakBytes: 1000 };

async function take(store: Store, at: Address = address): Promise<Claim> {
  const claim = await store.claim(at);
  if (!(claim instanceof Claim)) throw new Error('the key is taken');
  return claim;
}

/** A store with one record of two outputs. */
async function withRecord(): Promise<{ store: Store; folder: string }> {
  const store = await Store.open(await tempFolder());
  const claim = await take(store);
  const draft = await store.draft(address, claim);
  await writeFile(join(draft.folder, 'a.json'), '{}');
  await writeFile(join(draft.folder, 'b.bin'), 'bytes');
  await store.publish(draft, making);
  await claim.release();
  return { store: new Store(store.root), folder: store.folder(address) };
}

describe('a record', () => {
  it('is published whole, and then a hit', async () => {
    const { store, folder } = await withRecord();
    expect((await readdir(folder)).sort()).toEqual(['a.json', 'b.bin', 'record.json']);
    expect(await readdir(store.path('tmp'))).toEqual([]);
    expect(await readdir(store.locks)).toEqual([]);
    const found = await store.find(address);
    expect(found).toEqual({
      state: 'hit',
      record: {
        format: 1,
        stage: 'bytes',
        key: address.key,
        task: 'bytes/a',
        hashed: text,
        versions: { patchnas: version, node: process.versions.node },
        finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
        wallMs: 12,
        peakBytes: 1000,
        outputs: [
          { file: 'a.json', bytes: 2, sha256: sha256('{}') },
          { file: 'b.bin', bytes: 5, sha256: sha256('bytes') },
        ],
      },
    });
    expect(await store.verify(address)).toEqual(found);
    expect(JSON.parse(await readFile(join(folder, 'record.json'), 'utf8'))).toEqual(
      found.state === 'hit' && found.record,
    );
  });

  it('is a miss where there is none, and where there is no store', async () => {
    const other = { stage: 'bytes', key: sha256('other') };
    expect(await (await withRecord()).store.find(other)).toEqual({ state: 'miss' });
    expect(await new Store('/nonexistent/store').find(other)).toEqual({ state: 'miss' });
  });

  it.each([
    ['an output is gone', (f: string) => unlink(join(f, 'b.bin')), 'b.bin is missing'],
    [
      'an output is cut',
      (f: string) => truncate(join(f, 'b.bin'), 3),
      'b.bin has 3 bytes but 5 were written',
    ],
    ['the record is gone', (f: string) => unlink(join(f, 'record.json')), 'record.json is missing'],
    ['the record is cut', (f: string) => truncate(join(f, 'record.json'), 40), 'record.json is not JSON'],
    ['the record is empty', (f: string) => truncate(join(f, 'record.json')), 'record.json is not JSON'],
    [
      'the record is something else',
      (f: string) => writeFile(join(f, 'record.json'), 'null'),
      'record.json is not a record of format 1',
    ],
  ])('is damaged where %s', async (_, harm, reason) => {
    const { store, folder } = await withRecord();
    await harm(folder);
    expect(await store.find(address)).toEqual({ state: 'damaged', reason });
  });

  it('is damaged where it stands under the key of another', async () => {
    const { store, folder } = await withRecord();
    const other = { stage: 'bytes', key: sha256('other') };
    await mkdir(store.folder(other));
    for (const file of await readdir(folder))
      await writeFile(join(store.folder(other), file), await readFile(join(folder, file)));
    expect(await store.find(other)).toEqual({
      state: 'damaged',
      reason: 'record.json belongs to another key',
    });
  });

  it('with changed bytes of the same size shows when digests are compared, once in a process', async () => {
    const { store, folder } = await withRecord();
    expect((await store.verify(address)).state).toBe('hit');
    await writeFile(join(folder, 'b.bin'), 'bytez');
    expect((await store.find(address)).state).toBe('hit');
    expect((await store.verify(address)).state).toBe('hit'); // compared already
    expect(await new Store(store.root).verify(address)).toEqual({
      state: 'damaged',
      reason: `b.bin has SHA-256 ${sha256('bytez').slice(0, 12)}… but ${sha256('bytes').slice(0, 12)}… was written`,
    });
  });

  it('is set aside with all that is left of it', async () => {
    const { store, folder } = await withRecord();
    await unlink(join(folder, 'b.bin'));
    const moved = await store.setAside(address);
    expect((await readdir(moved)).sort()).toEqual(['a.json', 'record.json']);
    expect(await store.find(address)).toEqual({ state: 'miss' });
    expect(await store.places()).toEqual([]);
  });

  it('is removed with its outputs', async () => {
    const { store } = await withRecord();
    await store.remove(address);
    expect(await store.find(address)).toEqual({ state: 'miss' });
    expect(await readdir(store.path('tmp'))).toEqual([]);
  });
});

describe('a draft', () => {
  it.each([
    [['a.json'], 'stage bytes ended without writing b.bin'],
    [['a.json', 'b.bin', 'c.bin'], 'stage bytes wrote c.bin, not declared as an output'],
  ])('with the files %s is not published', async (files, message) => {
    const store = await Store.open(await tempFolder());
    const claim = await take(store);
    const draft = await store.draft(address, claim);
    for (const file of files) await writeFile(join(draft.folder, file), '');
    await expect(store.publish(draft, making)).rejects.toMatchObject({ code: 'PN504', message, exitCode: 5 });
    await draft.discard();
    expect(await store.find(address)).toEqual({ state: 'miss' });
    await claim.release();
  });

  it('is not published by somebody whose claim is gone', async () => {
    const store = await Store.open(await tempFolder());
    const claim = await take(store);
    const draft = await store.draft(address, claim);
    for (const file of making.outputs) await writeFile(join(draft.folder, file), '');
    await claim.release();
    await expect(store.publish(draft, making)).rejects.toMatchObject({ code: 'PN604', exitCode: 6 });
    expect(await store.find(address)).toEqual({ state: 'miss' });
  });

  it('of a dead process is cleared away when the store is opened, one of a live process is not', async () => {
    const root = await tempFolder();
    const script = `
      const { Store } = await import(${JSON.stringify(new URL('../../../dist/pipeline/store.js', import.meta.url).href)});
      const store = await Store.open(${JSON.stringify(root)});
      const address = ${JSON.stringify(address)};
      await store.draft(address, await store.claim(address));
      console.log('ready');
      setInterval(() => undefined, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const store = await Store.open(root);
    expect(await readdir(store.path('tmp'))).toHaveLength(1);
    expect(await store.claim(address)).toMatchObject({ processes: [{ pid: child.pid }] });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await Store.open(root);
    expect(await readdir(store.path('tmp'))).toEqual([]);
    const claim = await take(store);
    await claim.release();
  });
});

describe('a store that cannot be written', () => {
  it('is said with path and cure', async () => {
    await expect(Store.open('/sys/patchnas')).rejects.toMatchObject({
      code: 'PN602',
      exitCode: 6,
      message: expect.stringMatching(
        /^the store cannot be read or written \(E(PERM|ACCES|ROFS)\)$/,
      ) as string,
      where: '/sys/patchnas',
      fix: 'Give yourself the right to read and write it, or choose another folder with --store DIR.',
    });
  });

  it('is said where the folder is a file', async () => {
    const file = join(await tempFolder(), 'file');
    await writeFile(file, '');
    await expect(Store.open(file)).rejects.toMatchObject({ code: 'PN603', exitCode: 6 });
  });

  it('names no stage like one of its own folders', () => {
    for (const stage of ['locks', 'tmp', 'Gate', '../gate', ''])
      expect(() => new Store('/s').folder({ stage, key: '0' })).toThrow(
        `no stage can have the name "${stage}"`,
      );
  });
});
