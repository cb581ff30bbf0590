import { realpath, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { EngineError } from '../core/errors.js';
import { type EngineRecord, writeEngineRecord } from './engine-record.js';
import { buildFor, enginesFolder, findEngine, type InstalledEngine } from './engines.js';
import { pins } from './pins.js';
import { describeProbe, probeEngine } from './probe.js';
import { publishEngine } from './publish-engine.js';

/**
 * Takes an installation of the official package as an engine: a link to it and a record of what it is. The way where
 * no engine can be made here.
 * @throws {EngineError} PN409 when it does not work, PN414 the cache cannot be written
 */
export async function adoptEngine(
  cacheDir: string,
  from: string,
  signal?: AbortSignal,
): Promise<InstalledEngine> {
  const probe = await probeEngine(from, signal);
  if (!probe.loads || probe.problems.length > 0)
    throw new EngineError(`the engine there does not work:\n${describeProbe(probe)}`, {
      code: 'PN409',
      where: from,
      fix: `In that folder: npm install @tensorflow/tfjs-node@${pins.tfjs}`,
    });
  const build = buildFor(probe.device);
  const record: EngineRecord = {
    tfjs: probe.tfjs,
    tensorflow: probe.tensorflow,
    build,
    origin: { from: await realpath(from) },
    wheels: [],
    compiled: '',
    createdAt: new Date().toISOString(),
  };
  const key = `own_tfjs-${record.tfjs}_tensorflow-${record.tensorflow}_${build}`;
  await rm(join(enginesFolder(cacheDir), key), { recursive: true, force: true });
  await publishEngine(cacheDir, key, async (folder) => {
    await symlink(join(await realpath(from), 'node_modules'), join(folder, 'node_modules'));
    await writeEngineRecord(folder, record);
  });
  return findEngine(cacheDir, probe.device)!;
}
