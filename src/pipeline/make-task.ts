import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { EmitStage } from '../core/events.js';
import type { Address, KeyedTask } from './key.js';
import { Claim, describeHolder } from './lock.js';
import type { Job } from './messages.js';
import type { StageRecord } from './record.js';
import type { Runtime } from './stage.js';
import type { Store } from './store.js';
import type { WorkerPool } from './worker-pool.js';

/** What making one task needs from the run. */
export interface Making {
  readonly store: Store;
  readonly pool: WorkerPool;
  readonly seed: number;
  readonly runtime: Runtime;
  readonly signal: AbortSignal;
  /** Role -> record of the producer. */
  readonly inputs: ReadonlyMap<string, StageRecord>;
  readonly logPath: string;
  readonly emit: EmitStage;
  readonly onStart: () => void;
}

/** How often to look whether another process has finished the same key. */
const pollMs = 250;

/**
 * Makes one record, or takes the one that another process has made meanwhile.
 * @returns the record and whether it was there; undefined when the run was cancelled
 */
export async function makeTask(
  { task, stage }: KeyedTask,
  address: Address,
  making: Making,
): Promise<{ readonly record: StageRecord; readonly isHit: boolean } | undefined> {
  const { store, pool, emit, signal } = making;
  const claim = await waitForClaim(address, making);
  if (!claim) return undefined;
  try {
    const found = await store.verify(address);
    if (found.state === 'hit') return { record: found.record, isHit: true };
    if (found.state === 'damaged') {
      const moved = await store.setAside(address);
      emit({
        type: 'warning',
        text: `a damaged record is made again (${found.reason}); it is kept in ${moved}`,
      });
    }
    const draft = await store.draft(address, claim);
    const kind = stage.engine ? 'engine' : 'plain';
    const worker = pool.take(kind);
    try {
      await claim.addProcess(worker.pid);
      making.onStart();
      const done = await worker.run(jobOf(task.id, address, draft.folder), making.logPath, emit, signal);
      if (!done) return undefined;
      const record = await store.publish(draft, { task: task.id, outputs: stage.outputs, ...done });
      await rm(store.checkpointFolder(address), { recursive: true, force: true });
      return { record, isHit: false };
    } finally {
      pool.give(kind, worker);
      await draft.discard();
    }
  } finally {
    await claim.release();
  }

  function jobOf(id: string, { key }: Address, outputDir: string): Job {
    const inputs = [...making.inputs].map(([role, record]) => [
      role,
      { folder: store.folder(record), files: record.outputs.map((output) => output.file) },
    ]);
    return {
      task: id,
      stage: stage.name,
      params: task.params,
      inputs: Object.fromEntries(inputs) as Job['inputs'],
      outputDir,
      checkpointDir: store.checkpointFolder({ stage: stage.name, key }),
      seed: making.seed,
      stream: task.stream,
      runtime: making.runtime,
    };
  }
}

/** Takes the right to write the key; while another process has it, waits and says so once. */
async function waitForClaim(address: Address, { store, emit, signal }: Making): Promise<Claim | undefined> {
  for (let said = false; !signal.aborted; said = true) {
    const taken = await store.claim(address);
    if (taken instanceof Claim) return taken;
    if (!said)
      emit({ type: 'note', text: `${describeHolder(taken)} is making this already; waiting for it` });
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
