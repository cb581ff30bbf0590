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
  readonly binding: Readonly<Record<string, number>> & Binding;
  /** Sends what is not in TensorFlow yet. */
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  createOutputTensor(made: RawTensor): Tensor;
  executeSingleOutput(name: string, attrs: readonly Attr[], inputs: readonly TensorInfo[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: readonly Attr[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
}

/** Tensors as TensorFlow knows them: tf.js has none of bfloat16. */
interface RawTensor {
  readonly id: number;
}

interface Binding {
  executeOp(name: string, attrs: readonly Attr[], inputs: readonly number[], outputs: number): RawTensor[];
  deleteTensor(id: number): void;
}

/** TensorFlow's number of a type that tf.js does not have. */
const bfloat16 = 14;

/** Runs TensorFlow ops by name. Nothing here is recorded for gradients: see `defineOp`. */
export interface RawOps {
  readonly one: (name: string, attrs: readonly Attr[], inputs: readonly TensorInfo[]) => Tensor;
  readonly many: (
    name: string,
    attrs: readonly Attr[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ) => Tensor[];
  /**
   * An op of one output whose float32 inputs are rounded to bfloat16 first and whose output comes back as float32. Integer
   * inputs stay as they are.
   * @param attrs without the type `T`
   */
  readonly inBfloat16: (name: string, attrs: readonly Attr[], inputs: readonly TensorInfo[]) => Tensor;
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
  const castAttrs = (from: number, to: number): Attr[] => [
    attr('TF_ATTR_TYPE')('SrcT', from),
    attr('TF_ATTR_TYPE')('DstT', to),
    attr('TF_ATTR_BOOL')('Truncate', false),
  ];
  const float32 = binding['TF_FLOAT']!;
  const inBfloat16: RawOps['inBfloat16'] = (name, attrs, inputs) => {
    const made: number[] = [];
    const run = (op: string, opAttrs: readonly Attr[], ids: readonly number[]): RawTensor =>
      binding.executeOp(op, opAttrs, ids, 1)[0]!;
    try {
      const ids = backend.getInputTensorIds(inputs).map((id, i) => {
        if (inputs[i]!.dtype !== 'float32') return id;
        made.push(run('Cast', castAttrs(float32, bfloat16), [id]).id);
        return made.at(-1)!;
      });
      made.push(run(name, [attr('TF_ATTR_TYPE')('T', bfloat16), ...attrs], ids).id);
      return backend.createOutputTensor(run('Cast', castAttrs(bfloat16, float32), [made.at(-1)!]));
    } finally {
      for (const id of made) binding.deleteTensor(id);
    }
  };
  return {
    inBfloat16,
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
