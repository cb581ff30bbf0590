import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DigestMemory } from '../../../src/core/digest-memory.js';
import { sha256, sha256File } from '../../../src/core/digest.js';
import { tempFolder } from '../../support/temp-folder.js';

/** Files that are settled: what changed less than two seconds ago is never remembered. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchnas-'));
  for (const name of ['a', 'b', 'c', 'd', 'e']) await writeFile(join(folder, name), name);
  await sleep(2100);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Asks and says how often the files were read for it. */
function counting(memory: DigestMemory) {
  const count = { reads: 0 };
  const ask = async (...names: string[]): Promise<string> => {
    const paths = names.map((name) => join(folder, name));
    return memory.recall('test', paths, async () => {
      count.reads++;
      return sha256((await Promise.all(paths.map(sha256File))).join());
    });
  };
  return { ask, count };
}

describe('the memory of digests', () => {
  it('reads files once, also for the next command', async () => {
    const place = join(await tempFolder(), 'digests');
    const first = counting(new DigestMemory(place));
    const digest = await first.ask('a', 'b');
    expect(await first.ask('a', 'b')).toBe(digest);
    const next = counting(new DigestMemory(place));
    expect(await next.ask('a', 'b')).toBe(digest);
    expect([first.count.reads, next.count.reads]).toEqual([1, 0]);
    expect(await next.ask('a')).not.toBe(digest);
    expect(next.count.reads).toBe(1);
  });

  it('sees another content, also of the same size and with its time set back', async () => {
    const { ask, count } = counting(new DigestMemory(await tempFolder()));
    const before = await ask('c');
    await writeFile(join(folder, 'c'), 'x');
    await utimes(join(folder, 'c'), new Date(0), new Date(0));
    expect(await ask('c')).not.toBe(before);
    expect(count.reads).toBe(2);
  });

  it('does not keep what has just changed, nor what it was told under another purpose', async () => {
    const place = await tempFolder();
    const memory = new DigestMemory(place);
    const { ask, count } = counting(memory);
    await writeFile(join(folder, 'd'), 'new');
    await ask('d');
    await ask('d');
    expect(count.reads).toBe(2);
    expect(await readdir(place)).toEqual([]);
    expect(await memory.ofFile(join(folder, 'e'))).toBe(sha256('e'));
    expect(await memory.recall('other', [join(folder, 'e')], () => Promise.resolve('0'.repeat(64)))).toBe(
      '0'.repeat(64),
    );
  });

  it('remembers nothing without a folder, with one that cannot be written, or of files that are gone', async () => {
    for (const place of [undefined, join(folder, 'a', 'digests')]) {
      const { ask, count } = counting(new DigestMemory(place));
      await ask('a');
      await ask('a');
      expect(count.reads).toBe(2);
    }
    const { ask } = counting(new DigestMemory(await tempFolder()));
    await expect(ask('gone')).rejects.toThrow('ENOENT');
  });

  it('does not trust a file of its own that is damaged', async () => {
    const place = await tempFolder();
    const { ask, count } = counting(new DigestMemory(place));
    const digest = await ask('b');
    const [name] = await readdir(place);
    await writeFile(join(place, name!), digest.slice(0, 20));
    expect(await ask('b')).toBe(digest);
    expect(count.reads).toBe(2);
  });
});
