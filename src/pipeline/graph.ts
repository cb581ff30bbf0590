import { InternalError } from '../core/errors.js';
import type { Task } from './stage.js';

/**
 * The tasks so that each stands after its producers, and depth first: what the first task without consumers needs,
 * then it, then what the next one needs. Running in this order finishes a first result early.
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
  for (const task of withConsumersLast(tasks)) visit(task);
  return [...order];
}

/** Tasks that nobody consumes first: visiting from them is what makes the order depth first. */
function withConsumersLast(tasks: readonly Task[]): Task[] {
  const consumed = new Set(tasks.flatMap((task) => Object.values(task.inputs)));
  return [...tasks].sort((a, b) => Number(consumed.has(a.id)) - Number(consumed.has(b.id)));
}
