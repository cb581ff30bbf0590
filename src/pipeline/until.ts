import { UsageError } from '../core/errors.js';
import type { Task } from './stage.js';

/** The tasks of a stage with all that they rest on. @throws {UsageError} PN208 when no task is of that stage */
export function tasksUntil(tasks: readonly Task[], stage: string): Task[] {
  const names = [...new Set(tasks.map((task) => task.stage))];
  if (!names.includes(stage))
    throw new UsageError(`the experiment has no stage "${stage}"`, {
      code: 'PN208',
      fix: `Its stages: ${names.join(', ')}`,
    });
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const kept = new Set<string>();
  const keep = (id: string): void => {
    if (kept.has(id)) return;
    kept.add(id);
    Object.values(byId.get(id)!.inputs).forEach(keep);
  };
  for (const task of tasks) if (task.stage === stage) keep(task.id);
  return tasks.filter(({ id }) => kept.has(id));
}
