import { InternalError } from '../core/errors.js';
import type { Engine } from '../engine/engine.js';
import { openEngine } from '../engine/load.js';
import type { StageContext } from '../pipeline/stage.js';

let opened: { readonly dir: string; readonly engine: Promise<Engine> } | undefined;

/** The engine of this worker process: loaded at the first stage that asks, since an engine loads once in a process. */
export function stageEngine({ runtime }: Pick<StageContext, 'runtime'>): Promise<Engine> {
  const dir = runtime.engineDir;
  if (dir === undefined)
    throw new InternalError('a stage asked for the engine but the run has none', { code: 'PN110' });
  if (opened && opened.dir !== dir)
    throw new InternalError(`the engine ${opened.dir} is loaded already, not ${dir}`, { code: 'PN111' });
  opened ??= { dir, engine: openEngine(dir) };
  return opened.engine;
}
