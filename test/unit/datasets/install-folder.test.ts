import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { installFolder } from '../../../src/datasets/install-folder.js';
import { tempFolder } from '../../support/temp-folder.js';

const neededText = '184 MB';
const write = (text: string) => (staged: string) => writeFile(join(staged, 'a.txt'), text);
const holds = (text: string) => async (folder: string) =>
  (await readFile(join(folder, 'a.txt'), 'utf8').catch(() => '')) === text;

describe('installFolder', () => {
  it('gives the final name to a whole folder and leaves nothing beside it', async () => {
    const cache = await tempFolder();
    const final = join(cache, 'deep', 'set');
    await installFolder(final, {
      fill: async (staged, work) => {
        expect(dirname(staged)).toBe(work);
        expect(dirname(work)).toBe(dirname(final));
        await writeFile(join(work, 'download'), 'by the way');
        await write('whole')(staged);
      },
      isWhole: holds('whole'),
      neededText,
    });
    expect(await readdir(join(cache, 'deep'))).toEqual(['set']);
    expect(await readdir(final)).toEqual(['a.txt']);
  });

  it('leaves nothing when filling fails', async () => {
    const cache = await tempFolder();
    const fill = async (staged: string): Promise<void> => {
      await write('half')(staged);
      throw new Error('cut off');
    };
    await expect(
      installFolder(join(cache, 'set'), { fill, isWhole: holds('whole'), neededText }),
    ).rejects.toThrow(new Error('cut off'));
    expect(await readdir(cache)).toEqual([]);
  });

  it('replaces a damaged folder', async () => {
    const final = join(await tempFolder(), 'set');
    await mkdir(final);
    await writeFile(join(final, 'a.txt'), 'damaged');
    await writeFile(join(final, 'b.txt'), 'left over');
    await installFolder(final, { fill: write('whole'), isWhole: holds('whole'), neededText });
    expect(await readdir(final)).toEqual(['a.txt']);
    expect(await holds('whole')(final)).toBe(true);
    expect(await readdir(dirname(final))).toEqual(['set']);
  });

  it('keeps what another process has finished in the meantime', async () => {
    const final = join(await tempFolder(), 'set');
    const fill = async (staged: string): Promise<void> => {
      await write('whole')(staged);
      await mkdir(final);
      await write('whole')(final);
      await writeFile(join(final, 'theirs'), '');
    };
    await installFolder(final, { fill, isWhole: holds('whole'), neededText });
    expect(await readdir(final)).toEqual(['a.txt', 'theirs']);
  });

  it('takes eight at once', async () => {
    const final = join(await tempFolder(), 'set');
    const options = { fill: write('whole'), isWhole: holds('whole'), neededText };
    await Promise.all(Array.from({ length: 8 }, () => installFolder(final, options)));
    expect(await readdir(dirname(final))).toEqual(['set']);
    expect(await holds('whole')(final)).toBe(true);
  });

  it('removes what a killed process has left, and nothing of a living one', async () => {
    const cache = await tempFolder();
    const final = join(cache, 'set');
    const { pid: gone } = spawnSync('true');
    let living = '';
    await installFolder(final, {
      fill: async (staged, work) => {
        living = basename(work);
        const killed = join(cache, living.replace(`~${process.pid}~`, `~${gone}~`));
        await mkdir(join(killed, 'set'), { recursive: true });
        await installFolder(final, { fill: write('whole'), isWhole: holds('whole'), neededText });
        expect(await readdir(cache)).toEqual([living, 'set']);
        await write('whole')(staged);
      },
      isWhole: holds('whole'),
      neededText,
    });
    expect(living).toContain(`~${process.pid}~`);
    expect(await readdir(cache)).toEqual(['set']);
  });

  it('says what it takes when the disk is full', async () => {
    const cache = await tempFolder();
    const fill = () => writeFile('/dev/full', 'x');
    await expect(
      installFolder(join(cache, 'set'), { fill, isWhole: holds('whole'), neededText }),
    ).rejects.toMatchObject({
      exitCode: 3,
      code: 'PN336',
      message: 'the data set cannot be written: the disk is full',
      where: cache,
      fix: 'It takes 184 MB. Make room or give access, or set PATCHNAS_CACHE to another folder.',
    });
    expect(await readdir(cache)).toEqual([]);
  });

  it('says so when a file stands in the way', async () => {
    const cache = join(await tempFolder(), 'file');
    await writeFile(cache, '');
    await expect(
      installFolder(join(cache, 'set', 'x'), { fill: write('x'), isWhole: holds('x'), neededText }),
    ).rejects.toMatchObject({
      code: 'PN336',
      message: 'the data set cannot be written: a file stands where a folder must be',
    });
  });
});
