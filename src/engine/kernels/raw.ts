import type { Tensor, TensorInfo } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';

type Value = number | boolean | string | readonly number[];
interface Attr {
  readonly name: string;
  readonly type: number;
  readonly value: Value;
}

/** The part of tf.js's Node backend that runs one TensorFlow op eagerly. */
interface NodeBackend {
  readonly binding: Readonly<Record<string, number>>;
  executeSingleOutput(name: string, attrs: readonly Attr[], inputs: readonly TensorInfo[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: readonly Attr[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
}

/** Runs TensorFlow ops by name. Nothing here is recorded for gradients: see `defineOp`. */
export interface RawOps {
  readonly one: (name: string, attrs: readonly Attr[], inputs: readonly TensorInfo[]) => Tensor;
  readonly many: (
    name: string,
    attrs: readonly Attr[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ) => Tensor[];
  readonly int: (name: string, value: number | readonly number[]) => Attr;
  readonly float: (name: string, value: number) => Attr;
  readonly bool: (name: string, value: boolean) => Attr;
  readonly string: (name: string, value: string) => Attr;
  /** A type attribute, `T` unless named. */
  readonly type: (dtype: 'float32' | 'int32', name?: string) => Attr;
}

export function rawOps(tf: Tf): RawOps {
  const backend = tf.backend() as unknown as NodeBackend;
  const { binding } = backend;
  const attr =
    (kind: string) =>
    (name: string, value: Value): Attr => ({ name, type: binding[kind]!, value });
  return {
    one: (name, attrs, inputs) => backend.executeSingleOutput(name, attrs, inputs),
    many: (name, attrs, inputs, outputs) => backend.executeMultipleOutputs(name, attrs, inputs, outputs),
    int: attr('TF_ATTR_INT'),
    float: attr('TF_ATTR_FLOAT'),
    bool: attr('TF_ATTR_BOOL'),
    string: attr('TF_ATTR_STRING'),
    type: (dtype, name = 'T') =>
      attr('TF_ATTR_TYPE')(name, binding[dtype === 'float32' ? 'TF_FLOAT' : 'TF_INT32']!),
  };
}
