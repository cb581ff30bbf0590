import { randomInt, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '../core/atomic-fs.js';
import { isGone, type Place, type ProcessId, processId, thisPlace } from '../core/process-identity.js';

/** A claim of another host that was not renewed for so long, by our clock, counts as given up. */
export const defaultLeaseMs = 30_000;

/** What a claim's file says: who holds it, with every process that may still write for it. */
export interface Holder {
  readonly place: Place;
  readonly processes: readonly ProcessId[];
}

/** A live claim, held by this process until `release`. */
export class Claim {
  private processes: readonly ProcessId[] = [processId(process.pid)];
  private readonly timer: NodeJS.Timeout;

  private constructor(
    readonly name: string,
    /** Names this claim in the world and for all time. */
    readonly token: string,
    private readonly path: string,
  ) {
    this.timer = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => undefined); // a lost claim shows in isHeld()
    }, defaultLeaseMs / 3);
    this.timer.unref();
  }

  static async write(folder: string, name: string): Promise<Claim> {
    await mkdir(folder, { recursive: true });
    const token = randomUUID();
    const claim = new Claim(name, token, join(folder, `${name}.${token}.json`));
    await claim.save();
    return claim;
  }

  /** Says that this process writes for us too: while it lives, the claim does. */
  async addProcess(pid: number): Promise<void> {
    this.processes = [...this.processes, processId(pid)];
    await this.save();
  }

  /** False when another host took us for dead, after a suspended laptop for example. */
  async isHeld(): Promise<boolean> {
    return stat(this.path).then(
      () => true,
      () => false,
    );
  }

  async release(): Promise<void> {
    clearInterval(this.timer);
    await rm(this.path, { force: true });
  }

  private async save(): Promise<void> {
    const holder: Holder = { place: thisPlace(), processes: this.processes };
    await writeFileAtomic(this.path, JSON.stringify(holder));
  }
}

/**
 * Takes the name, or says who has it. Each claimant first writes a file of its own and then looks at the others, so
 * of two at once at least one sees the other; names of files are never used twice, so a dead claim can be removed by
 * anybody without taking a live one along.
 */
export async function claim(folder: string, name: string, leaseMs = defaultLeaseMs): Promise<Claim | Holder> {
  for (;;) {
    const before = await findHolder(folder, name, leaseMs);
    if (before) return before;
    const mine = await Claim.write(folder, name);
    const other = await findHolder(folder, name, leaseMs, mine.token);
    if (!other) return mine;
    await mine.release();
    await new Promise((resolve) => setTimeout(resolve, randomInt(5, 50)));
  }
}

/** Whoever holds a live claim of that name, apart from one token. */
async function findHolder(
  folder: string,
  name: string,
  leaseMs: number,
  except?: string,
): Promise<Holder | undefined> {
  const live = await liveClaims(folder, name, leaseMs);
  return [...live].find(([token]) => token !== except)?.[1];
}

/** Live claims by token. Removes the files of dead ones. */
export async function liveClaims(
  folder: string,
  name?: string,
  leaseMs = defaultLeaseMs,
): Promise<Map<string, Holder>> {
  const live = new Map<string, Holder>();
  for (const file of await readdir(folder).catch(() => [])) {
    const match = /^(.+)\.([0-9a-f-]{36})\.json$/.exec(file);
    if (!match || (name !== undefined && match[1] !== name)) continue;
    const path = join(folder, file);
    const holder = await readHolder(path);
    if (holder === undefined) continue;
    if (await isDead(path, holder, leaseMs)) {
      await rm(path, { force: true });
      lastRenewals.delete(path);
    } else live.set(match[2]!, holder);
  }
  return live;
}

/** Removes what a process left that was killed while it wrote its claim. */
export async function removeUnfinishedClaims(folder: string): Promise<void> {
  for (const file of await readdir(folder).catch(() => [])) {
    const path = join(folder, file);
    const stamp = file.endsWith('.tmp') ? await stat(path).catch(() => undefined) : undefined;
    if (stamp && Date.now() - stamp.mtimeMs > defaultLeaseMs) await rm(path, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined; // released in the meantime
  }
}

/** When each foreign claim was last seen renewed: its time stamp there, and our own monotonic clock. */
const lastRenewals = new Map<string, { stamp: number; seenMs: number }>();

async function isDead(path: string, holder: Holder, leaseMs: number): Promise<boolean> {
  const here = thisPlace();
  const { place } = holder;
  if (here.boot !== undefined && place.boot === here.boot && place.pidNamespace === here.pidNamespace)
    return holder.processes.every(isGone);
  const stamp = await stat(path)
    .then((s) => s.mtimeMs)
    .catch(() => undefined);
  if (stamp === undefined) return true;
  // Our own host before it was started anew: nothing of then lives now. The lease guards against a twin of its name.
  const isThisHost =
    place.host === here.host && place.machine !== undefined && place.machine === here.machine;
  if (isThisHost && place.boot !== here.boot && Date.now() - stamp > leaseMs) return true;
  const last = lastRenewals.get(path);
  if (last?.stamp !== stamp) {
    lastRenewals.set(path, { stamp, seenMs: performance.now() });
    return false;
  }
  return performance.now() - last.seenMs > leaseMs;
}

/** "process 4711 on host alpha" */
export function describeHolder(holder: Holder): string {
  return `process ${holder.processes[0]?.pid ?? '?'} on host ${holder.place.host}`;
}
