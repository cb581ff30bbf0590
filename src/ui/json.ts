import type { Event } from '../core/events.js';
import type { Renderer } from './renderer.js';

/** One event a line, as JSON. */
export class JsonRenderer implements Renderer {
  constructor(private readonly stream: NodeJS.WritableStream) {}

  show(event: Event): void {
    this.stream.write(`${JSON.stringify(event)}\n`);
  }

  async end(): Promise<void> {}
}
