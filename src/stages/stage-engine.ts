import { InternalError } from '../core/errors.js';
import type { Engine } from '../engine/engine.js';
import { openEngine } from '../engine/load.js';
import { dropDerived } from '../nn/derived.js';
import type { StageContext } from '../pipeline/stage.js';

/**
 * The engine of this worker process, for the one stage that runs in it now: the networks of the stage before, which
 * nobody can use any more, give their memory back.
 */
export async function stageEngine({ runtime }: Pick<StageContext, 'runtime'>): Promise<Engine> {
  if (runtime.engineDir === undefined) {
    throw new InternalError('a stage asked for the engine but the run has none', { code: 'PN110' });
  }
  const engine = await openEngine(runtime.engineDir, runtime.precision);
  dropDerived();
  engine.tf.disposeVariables();
  return engine;
}
