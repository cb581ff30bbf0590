import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { isGone, processId, thisPlace } from '../../../src/core/process-identity.js';
import { Claim, claim, describeHolder, type Holder, liveClaims } from '../../../src/pipeline/lock.js';
import { tempFolder } from '../../support/temp-folder.js';

const token = '00000000-0000-4000-8000-000000000000';

/** Writes a claim on "k" as somebody else would have; returns its path. */
async function foreignClaim(folder: string, holder: Holder): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `k.${token}.json`);
  await writeFile(path, JSON.stringify(holder));
  return path;
}

describe('a claim', () => {
  it('is held by one, until it is given back', async () => {
    const folder = await tempFolder();
    const first = await claim(folder, 'k');
    expect(first).toBeInstanceOf(Claim);
    const second = await claim(folder, 'k');
    expect(second).toEqual({ place: thisPlace(), processes: [processId(process.pid)] });
    expect(await claim(folder, 'other')).toBeInstanceOf(Claim);
    expect(await (first as Claim).isHeld()).toBe(true);
    await (first as Claim).release();
    expect(await (first as Claim).isHeld()).toBe(false);
    expect(await claim(folder, 'k')).toBeInstanceOf(Claim);
  });

  it('goes to exactly one of many that ask at once', async () => {
    const folder = await tempFolder();
    const taken = await Promise.all(Array.from({ length: 8 }, () => claim(folder, 'k')));
    expect(taken.filter((each) => each instanceof Claim)).toHaveLength(1);
  });

  it("of a dead process is nobody's, while a process that works for it lives it is not", async () => {
    const folder = await tempFolder();
    const child = spawn('sleep', ['60']);
    const worker = processId(child.pid!);
    const dead = { pid: 2 ** 22 - 1, start: '1' };
    await foreignClaim(folder, { place: thisPlace(), processes: [dead, worker] });
    expect(await claim(folder, 'k')).not.toBeInstanceOf(Claim);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await claim(folder, 'k')).toBeInstanceOf(Claim);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("of a process whose id was given out again is nobody's", async () => {
    const folder = await tempFolder();
    await foreignClaim(folder, { place: thisPlace(), processes: [{ pid: process.pid, start: '1' }] });
    expect(await claim(folder, 'k')).toBeInstanceOf(Claim);
  });

  it('of another host is kept as long as it is renewed, and lost a lease later', async () => {
    const folder = await tempFolder();
    const place = { host: 'alpha', machine: 'm', boot: 'b', pidNamespace: 'p' };
    const path = await foreignClaim(folder, { place, processes: [{ pid: 4711, start: '1' }] });
    const leaseMs = 300;
    for (let i = 0; i < 3; i++) {
      const found = await claim(folder, 'k', leaseMs);
      expect(found).not.toBeInstanceOf(Claim);
      expect(describeHolder(found as Holder)).toBe('process 4711 on host alpha');
      await sleep(200);
      await utimes(path, new Date(), new Date());
    }
    expect(await claim(folder, 'k', leaseMs)).not.toBeInstanceOf(Claim);
    await sleep(350);
    expect(await claim(folder, 'k', leaseMs)).toBeInstanceOf(Claim);
  });

  it("of this host before it was started anew is nobody's, once it is older than a lease", async () => {
    const folder = await tempFolder();
    const place = { ...thisPlace(), boot: 'an earlier one' };
    const path = await foreignClaim(folder, { place, processes: [processId(process.pid)] });
    expect(await claim(folder, 'k')).not.toBeInstanceOf(Claim);
    const before = new Date(Date.now() - 60_000);
    await utimes(path, before, before);
    const expected = thisPlace().machine === undefined ? Object : Claim; // without a machine id only the lease helps
    expect(await claim(folder, 'k')).toBeInstanceOf(expected);
  });

  it('is not mistaken by files that are none', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'k.json'), '{}');
    await writeFile(join(folder, `k.${token}.json`), '');
    expect([...(await liveClaims(folder))]).toEqual([]);
  });
});

describe('isGone', () => {
  it('is true only of what is certainly no more', () => {
    expect(isGone(processId(process.pid))).toBe(false);
    expect(isGone({ pid: process.pid, start: '1' })).toBe(true);
    expect(isGone({ pid: 2 ** 22 - 1, start: '1' })).toBe(true);
    expect(isGone({ pid: 2 ** 22 - 1, start: undefined })).toBe(false); // nothing is known
  });
});
