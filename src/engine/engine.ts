import type * as tfjs from '@tensorflow/tfjs';

import type { Kernels } from './kernels/index.js';
import type { Precision } from './precision.js';

export type Tf = typeof tfjs;

/** TensorFlow, opened on one device. There is one in a process; everybody gets `tf` from it. */
export interface Engine {
  readonly tf: Tf;
  /** Fused operations with their gradients. */
  readonly kernels: Kernels;
  /** Enters the key of every engine stage. */
  readonly id: EngineId;
}

/** What can move the last digits of a result. */
export interface EngineId {
  readonly tfjs: string;
  readonly tensorflow: string;
  readonly device: 'cpu' | 'gpu';
  /** Name of the instruction set or of the card: "avx512_bf16", "NVIDIA H100 80GB HBM3". */
  readonly instructionSet: string;
  readonly threads: number;
  readonly precision: Precision;
}
