import { type Difference, mostAlike, ofSameWork } from './alike.js';
import type { KeyedTask } from './key.js';
import type { StageRecord } from './record.js';
import type { Store } from './store.js';

/** What would become of one task if the plan were run now. */
export interface PlanLine {
  readonly task: string;
  readonly stage: string;
  /** Undefined only where the engine is not set up. */
  readonly key: string | undefined;
  readonly state: 'hit' | 'run' | 'unknown';
  /** Why it runs: producers that run too, without those that another of them follows. */
  readonly follows: readonly string[];
  /** Why it runs: fields of its own that differ from the most alike earlier record. */
  readonly differences: readonly Difference[];
  /** Why it runs: its record is there but cannot be used. */
  readonly damage: string | undefined;
  /** Wall time of the most alike earlier record of this stage, where there is one. */
  readonly estimateMs: number | undefined;
}

/** Looks every task up, without running or writing anything. */
export async function reportPlan(tasks: readonly KeyedTask[], store: Store): Promise<PlanLine[]> {
  const records = new Map<string, Promise<StageRecord[]>>();
  const recordsOf = (stage: string): Promise<StageRecord[]> => {
    const known = records.get(stage) ?? store.records(stage);
    records.set(stage, known);
    return known;
  };
  const ancestors = ancestorsOf(tasks);
  const lines = new Map<string, PlanLine>();
  for (const keyed of tasks) {
    const { task, stage, address } = keyed;
    const found = address && (await store.find(address));
    const base = { task: task.id, stage: stage.name, key: address?.key };
    if (!address || found?.state === 'hit') {
      const nothing = { follows: [], differences: [], damage: undefined, estimateMs: undefined };
      lines.set(task.id, { ...base, ...nothing, state: address ? 'hit' : 'unknown' });
      continue;
    }
    const alike = mostAlike(address, task.id, ofSameWork(stage, address, await recordsOf(stage.name)));
    lines.set(task.id, {
      ...base,
      ...reasons(keyed, found?.state === 'damaged' ? [] : (alike?.differences ?? []), lines, ancestors),
      state: 'run',
      damage: found?.state === 'damaged' ? found.reason : undefined,
      estimateMs: alike?.record.wallMs,
    });
  }
  return [...lines.values()];
}

/** An input that is made again is named by its task; the other differences are the task's own. */
function reasons(
  { task }: KeyedTask,
  differences: readonly Difference[],
  lines: ReadonlyMap<string, PlanLine>,
  ancestors: ReadonlyMap<string, ReadonlySet<string>>,
): Pick<PlanLine, 'follows' | 'differences'> {
  const again = Object.entries(task.inputs).filter(([, id]) => lines.get(id)?.state === 'run');
  const paths = again.map(([role]) => `inputs.${role}`);
  const ids = [...new Set(again.map(([, id]) => id))];
  return {
    follows: ids.filter((id) => !ids.some((other) => ancestors.get(other)!.has(id))),
    differences: differences.filter(({ path }) => !paths.includes(path)),
  };
}

/** Every task with all that it rests on. */
function ancestorsOf(tasks: readonly KeyedTask[]): Map<string, Set<string>> {
  const ancestors = new Map<string, Set<string>>();
  for (const { task } of tasks) {
    const producers = Object.values(task.inputs);
    ancestors.set(task.id, new Set(producers.flatMap((id) => [id, ...ancestors.get(id)!])));
  }
  return ancestors;
}
