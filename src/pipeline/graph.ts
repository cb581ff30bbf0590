import { InternalError } from '../core/errors.js';
import type { Task } from './stage.js';

/**
 * The tasks so that each stands after its producers, and otherwise as they are listed: what the first task needs, then
 * it, then what the next one still needs. A plan that is listed depth first so has its first result early.
 * @throws {InternalError} PN150 unknown producer, PN151 cycle, PN152 two tasks of one id
 */
export function depthFirst(tasks: readonly Task[]): Task[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  if (byId.size < tasks.length) {
    const twice = tasks.find((task) => byId.get(task.id) !== task)!;
    throw new InternalError(`two tasks have the id "${twice.id}"`, { code: 'PN152' });
  }
  const order = new Set<Task>();
  const path: string[] = [];
  const visit = (task: Task): void => {
    if (order.has(task)) return;
    if (path.includes(task.id)) {
      const cycle = [...path.slice(path.indexOf(task.id)), task.id].join(' -> ');
      throw new InternalError(`the tasks go round in a circle: ${cycle}`, { code: 'PN151' });
    }
    path.push(task.id);
    for (const [role, id] of Object.entries(task.inputs)) {
      const producer = byId.get(id);
      if (!producer) {
        const message = `"${role}" of task "${task.id}" comes from "${id}", which is not among the tasks`;
        throw new InternalError(message, { code: 'PN150' });
      }
      visit(producer);
    }
    path.pop();
    order.add(task);
  };
  for (const task of tasks) visit(task);
  return [...order];
}
