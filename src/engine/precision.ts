import { EngineError } from '../core/errors.js';
import type { EngineId } from './engine.js';

/** In what convolutions multiply. Everything else is float32, and so are weights, gradients and accumulation. */
export type Precision = 'float32' | 'bfloat16';

/** Processors that multiply bfloat16 faster than float32. */
const quick: readonly string[] = ['amx_bf16', 'avx512_bf16'];

/**
 * An engine's id with the precision that was asked for; `auto` is bfloat16 where the processor is made for it.
 * @throws {EngineError} PN415 bfloat16 on a device that is not
 */
export function withPrecision(id: EngineId, asked: Precision | 'auto'): EngineId {
  const isQuick = id.device === 'cpu' && quick.includes(id.instructionSet);
  if (asked === 'bfloat16' && !isQuick)
    throw new EngineError('bfloat16 needs a processor that is made for it', {
      code: 'PN415',
      where: `${id.device}, ${id.instructionSet}; needed: a CPU with ${quick.join(' or ')}`,
      fix: 'Write `precision: float32`, or `auto`, which takes bfloat16 only where it is quicker.',
    });
  return { ...id, precision: asked === 'auto' ? (isQuick ? 'bfloat16' : 'float32') : asked };
}
