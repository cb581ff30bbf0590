import type { Tensor4D } from '@tensorflow/tfjs';

import type { Rng } from '../../src/core/rng.js';
import type { Engine } from '../../src/engine/engine.js';
import type { Layer } from '../../src/nn/parameter.js';
import { applyFixed, buildConvolution, hasWeights } from '../../src/repair/operations.js';
import type { OperationName } from '../../src/repair/structure.js';

/** An operation of an edge by itself, its weights named `op`. */
export function operationLayer(
  engine: Engine,
  rng: Rng,
  operation: OperationName,
  channels: number,
): Layer<Tensor4D> {
  const { kernels } = engine;
  if (!hasWeights(operation))
    return { parameters: [], buffers: [], forward: (x) => applyFixed(engine, operation, x) };
  const convolution = buildConvolution(engine, rng, 'op', operation, channels);
  return {
    ...convolution,
    forward: (x) => kernels.conv2d(kernels.relu(x), convolution.filter(), 1, (convolution.size - 1) / 2),
  };
}
