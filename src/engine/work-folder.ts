import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { isGone, type ProcessId, processId } from '../core/process-identity.js';

/** The name of a folder under construction says who builds it, so it is a lock as well. */
function prefixOf(name: string): string {
  return `.${name}~${hostname()}~`;
}

/** An empty folder beside the final one, of this process. */
export async function createWorkFolder(parent: string, name: string): Promise<string> {
  const { pid, start } = processId(process.pid);
  const folder = join(parent, `${prefixOf(name)}${pid}~${start ?? ''}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
}

/**
 * The living process of this host that builds the same, if there is one. What processes that are gone have left is
 * removed. Two that start in the same instant may miss each other: they do the work twice and the first to finish wins.
 */
export async function findBuilder(parent: string, name: string): Promise<ProcessId | undefined> {
  const prefix = prefixOf(name);
  for (const entry of await readdir(parent).catch(() => [])) {
    if (!entry.startsWith(prefix)) continue;
    const [pid, start] = entry.slice(prefix.length).split('~');
    const builder = { pid: Number(pid), start: start === '' ? undefined : start };
    if (!isGone(builder)) return builder;
    await rm(join(parent, entry), { recursive: true, force: true });
  }
  return undefined;
}
