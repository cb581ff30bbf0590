import { InternalError } from '../core/errors.js';
import type { Engine } from '../engine/engine.js';
import { openEngine } from '../engine/load.js';
import type { StageContext } from '../pipeline/stage.js';

/** The engine of this worker process. */
export function stageEngine({ runtime }: Pick<StageContext, 'runtime'>): Promise<Engine> {
  if (runtime.engineDir === undefined) {
    throw new InternalError('a stage asked for the engine but the run has none', { code: 'PN110' });
  }
  return openEngine(runtime.engineDir);
}
