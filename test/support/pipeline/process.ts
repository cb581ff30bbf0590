import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { Event } from '../../../src/core/events.js';
import type { Task } from '../../../src/pipeline/stage.js';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly events: readonly Event[];
  readonly stderr: string;
}

/** A run in a process of its own (`run.mjs`). Every line of its stdout must be an event. */
export async function startRun(
  root: string,
  tasks: readonly Task[],
  onEvent: (event: Event, child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const file = join(root, 'tasks.json');
  await writeFile(file, JSON.stringify(tasks));
  const script = fileURLToPath(new URL('./run.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, root, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const events: Event[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as Event;
    events.push(event);
    onEvent(event, child);
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, events, stderr }));
  });
}
