import { canonicalJson, type Json } from '../core/canonical-json.js';
import { sha256 } from '../core/digest.js';
import { InternalError } from '../core/errors.js';
import { depthFirst } from './graph.js';
import type { StageDefinition, Task } from './stage.js';

/** Where the record of a task stands in the store. */
export interface Address {
  readonly stage: string;
  /** SHA-256 of `text`. */
  readonly key: string;
  /** The canonical JSON that was hashed. */
  readonly text: string;
}

/** A task with its stage and, unless the engine id that it or a producer needs is unknown, its address. */
export interface KeyedTask {
  readonly task: Task;
  readonly stage: StageDefinition;
  readonly address: Address | undefined;
}

/** What enters the keys beside the tasks themselves. */
export interface KeyContext {
  readonly seed: number;
  /** Undefined when no engine is set up. */
  readonly engineId: Json | undefined;
}

/**
 * The key of every task, in the order in which they run: producers first, depth first.
 * @throws {InternalError} PN150 to PN156 when the plan itself is wrong
 */
export function planKeys(
  tasks: readonly Task[],
  stages: readonly StageDefinition[],
  context: KeyContext,
): KeyedTask[] {
  const keyed = new Map<string, KeyedTask>();
  for (const task of depthFirst(tasks)) {
    const stage = stages.find((candidate) => candidate.name === task.stage);
    if (!stage) {
      const message = `task "${task.id}" wants the stage "${task.stage}"`;
      const fix = `Known stages: ${stages.map((s) => s.name).join(', ')}`;
      throw new InternalError(message, { code: 'PN153', fix });
    }
    keyed.set(task.id, { task, stage, address: addressOf(task, stage, keyed, context) });
  }
  return [...keyed.values()];
}

function addressOf(
  task: Task,
  stage: StageDefinition,
  producers: ReadonlyMap<string, KeyedTask>,
  { seed, engineId }: KeyContext,
): Address | undefined {
  if (stage.random && task.stream === undefined)
    throw new InternalError(`stage "${stage.name}" is random, but task "${task.id}" names no stream`, {
      code: 'PN154',
    });
  const inputs: Record<string, string> = {};
  for (const [role, id] of Object.entries(task.inputs)) {
    const key = producers.get(id)!.address?.key;
    if (key === undefined) return undefined;
    inputs[role] = key;
  }
  if (stage.engine && engineId === undefined) return undefined;
  const hashed = {
    stage: stage.name,
    version: stage.version,
    params: task.params,
    inputs,
    ...(stage.random && { seed, stream: task.stream }),
    ...(stage.engine && { engine: engineId }),
  };
  try {
    const text = canonicalJson(hashed);
    return { stage: stage.name, key: sha256(text), text };
  } catch (cause) {
    const message = `the parameters of task "${task.id}" cannot be a key: ${(cause as Error).message}`;
    throw new InternalError(message, { code: 'PN155', cause });
  }
}
