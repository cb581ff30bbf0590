import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { processId } from '../../../src/core/process-identity.js';
import { type EngineRecord, readEngineRecord, writeEngineRecord } from '../../../src/engine/engine-record.js';
import { enginesFolder } from '../../../src/engine/engines.js';
import { publishEngine } from '../../../src/engine/publish-engine.js';
import { createWorkFolder, findBuilder } from '../../../src/engine/work-folder.js';
import { tempFolder } from '../../support/temp-folder.js';

function record(createdAt: string): EngineRecord {
  return { tfjs: '1', tensorflow: '2', build: 'cpu', origin: 'made', wheels: [], compiled: '', createdAt };
}

describe('publishing', () => {
  test('the final name appears with everything in it, and nothing else stays', async () => {
    const cacheDir = await tempFolder();
    await publishEngine(cacheDir, 'key', async (folder) => {
      expect(await readdir(enginesFolder(cacheDir))).not.toContain('key');
      await writeFile(join(folder, 'library'), 'x');
      await writeEngineRecord(folder, record('now'));
    });
    expect(await readdir(enginesFolder(cacheDir))).toEqual(['key']);
    expect((await readdir(join(enginesFolder(cacheDir), 'key'))).sort()).toEqual(['engine.json', 'library']);
  });

  test('what fails leaves nothing', async () => {
    const cacheDir = await tempFolder();
    const failing = publishEngine(cacheDir, 'key', () => Promise.reject(new Error('no network')));
    await expect(failing).rejects.toThrow('no network');
    expect(await readdir(enginesFolder(cacheDir))).toEqual([]);
  });

  test('a quicker process wins', async () => {
    const cacheDir = await tempFolder();
    const final = join(enginesFolder(cacheDir), 'key');
    await publishEngine(cacheDir, 'key', async (folder) => {
      await mkdir(final);
      await writeEngineRecord(final, record('theirs'));
      await writeEngineRecord(folder, record('ours'));
    });
    expect(readEngineRecord(final)?.createdAt).toBe('theirs');
    expect(await readdir(enginesFolder(cacheDir))).toEqual(['key']);
  });

  test('a folder of that name without a record is replaced', async () => {
    const cacheDir = await tempFolder();
    const final = join(enginesFolder(cacheDir), 'key');
    await mkdir(join(final, 'half'), { recursive: true });
    await publishEngine(cacheDir, 'key', (folder) => writeEngineRecord(folder, record('whole')));
    expect(await readdir(final)).toEqual(['engine.json']);
  });

  test('a cache that cannot be written', async () => {
    const cacheDir = join(await tempFolder(), 'cache');
    await writeFile(cacheDir, 'a file');
    const text = await publishEngine(cacheDir, 'key', () => Promise.resolve()).then(() => '', formatError);
    expect(text.replaceAll(cacheDir, '<cache>')).toBe(
      `PN414 the engine cannot be written: a file stands where a folder should be
  at <cache>/engines
  Make room or give access, or set PATCHNAS_CACHE to another folder.`,
    );
  });
});

describe('a folder under construction', () => {
  test('names its builder while that lives', async () => {
    const parent = await tempFolder();
    await createWorkFolder(parent, 'key');
    expect(await findBuilder(parent, 'key')).toEqual(processId(process.pid));
    expect(await findBuilder(parent, 'other')).toBeUndefined();
  });

  test('is removed once its builder was killed', async () => {
    const parent = await tempFolder();
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    await once(child, 'spawn');
    const { pid, start } = processId(child.pid!);
    const name = `.key~${hostname()}~${pid}~${start!}`;
    await mkdir(join(parent, name, 'half'), { recursive: true });
    expect(await findBuilder(parent, 'key')).toEqual({ pid, start });
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await findBuilder(parent, 'key')).toBeUndefined();
    expect(await readdir(parent)).toEqual([]);
  });

  test('of another host is left alone', async () => {
    const parent = await tempFolder();
    await mkdir(join(parent, '.key~elsewhere~1~1'));
    expect(await findBuilder(parent, 'key')).toBeUndefined();
    expect(await readdir(parent)).toEqual(['.key~elsewhere~1~1']);
  });
});
