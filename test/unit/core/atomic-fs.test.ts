import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { publishFolder, writeFileAtomic } from '../../../src/core/atomic-fs.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('writeFileAtomic', () => {
  it('replaces a file and leaves nothing beside it', async () => {
    const folder = await tempFolder();
    await writeFileAtomic(join(folder, 'a'), 'old');
    await writeFileAtomic(join(folder, 'a'), Buffer.from('new'));
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('leaves the old file and nothing beside it when it fails', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'a'));
    await expect(writeFileAtomic(join(folder, 'a'), 'new')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(await readdir(folder)).toEqual(['a']);
  });
});

describe('publishFolder', () => {
  it('moves a folder with all that is in it', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'from/deep'), { recursive: true });
    await writeFile(join(folder, 'from/deep/a'), 'text');
    await publishFolder(join(folder, 'from'), join(folder, 'to'));
    expect(await readFile(join(folder, 'to/deep/a'), 'utf8')).toBe('text');
    expect(await readdir(folder)).toEqual(['to']);
  });

  it('never replaces a folder that holds something', async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'from'));
    await mkdir(join(folder, 'to'));
    await writeFile(join(folder, 'to/a'), 'text');
    await expect(publishFolder(join(folder, 'from'), join(folder, 'to'))).rejects.toMatchObject({
      code: 'ENOTEMPTY',
    });
    expect(await readFile(join(folder, 'to/a'), 'utf8')).toBe('text');
  });
});
