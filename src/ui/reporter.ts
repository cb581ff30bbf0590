import type { Emit } from '../core/events.js';
import { EventsFile } from './events-file.js';
import { createRenderer, type Renderer, type RendererName, type Surroundings } from './renderer.js';

/** Where a command's events go: the renderer that was asked for, and for runs a file as well. */
export class Reporter {
  private constructor(private readonly renderers: readonly Renderer[]) {}

  /** @param run store and name of the run whose events are kept in a file */
  static async open(
    name: RendererName,
    around: Surroundings,
    run?: { readonly store: string; readonly name: string },
  ): Promise<Reporter> {
    const renderer = await createRenderer(name, around);
    return new Reporter(run ? [new EventsFile(run.store, run.name, new Date()), renderer] : [renderer]);
  }

  readonly emit: Emit = (event) => {
    for (const renderer of this.renderers) renderer.show(event);
  };

  async end(): Promise<void> {
    for (const renderer of this.renderers) await renderer.end();
  }
}
