import type { Tf } from '../../src/engine/engine.js';

/** The most bytes of tensors that there are at once while f runs, beyond those before it. */
export function mostBytes(tf: Tf, f: () => void): number {
  const before = tf.memory().numBytes;
  const backend = tf.backend() as unknown as { createOutputTensor(made: unknown): unknown };
  const create = backend.createOutputTensor.bind(backend);
  let most = before;
  backend.createOutputTensor = (made) => {
    const tensor = create(made);
    most = Math.max(most, tf.memory().numBytes);
    return tensor;
  };
  try {
    f();
  } finally {
    backend.createOutputTensor = create;
  }
  return most - before;
}
