import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import type { Event } from '../core/events.js';
import type { Renderer } from './renderer.js';

/**
 * Keeps every event of a run in `<store>/runs/<time>-<name>/events.jsonl`, written at once, so that a killed run
 * leaves all it has said. A full disk ends the file, not the run.
 */
export class EventsFile implements Renderer {
  readonly path: string;
  private file: number | undefined;

  constructor(store: string, name: string, now: Date) {
    const stamp = now.toISOString().replace(/[-:]|\.\d+/g, '');
    const folder = join(store, 'runs', `${stamp}-${name.replace(/[^\w.-]+/g, '-')}`);
    this.path = join(folder, 'events.jsonl');
    this.attempt(() => {
      mkdirSync(folder, { recursive: true });
      this.file = openSync(this.path, 'a');
    });
  }

  show(event: Event): void {
    const { file } = this;
    if (file !== undefined) this.attempt(() => writeSync(file, `${JSON.stringify(event)}\n`));
  }

  async end(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    if (file !== undefined) closeSync(file);
  }

  private attempt(write: () => void): void {
    try {
      write();
    } catch {
      this.file = undefined;
    }
  }
}
