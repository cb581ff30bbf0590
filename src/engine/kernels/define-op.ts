import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';

import type { Tf } from '../engine.js';

export interface OpDefinition<Inputs extends NamedTensorMap, Settings> {
  /** Name in tf.js's registry, our own so that tf.js's ops stay as they are. */
  readonly name: string;
  /** Makes every output; whatever else it makes must be disposed of before it returns. */
  readonly forward: (inputs: Inputs, settings: Settings) => Tensor[];
  readonly inputsToSave?: readonly (keyof Inputs & string)[];
  /** One flag an output. */
  readonly outputsToSave?: readonly boolean[];
  /**
   * From the gradient of the first output and the saved tensors (inputs, then outputs) to one function an input. No
   * gradient flows into other outputs. Only the functions that somebody asks for run: the images' and frozen filters'
   * gradients cost nothing.
   */
  readonly gradient: (
    dy: Tensor,
    saved: readonly Tensor[],
    settings: Settings,
  ) => { readonly [name in keyof Inputs]?: () => Tensor };
}

const ownPrefix = 'Patchnas';

/** Whether a kernel of tf.js's registry is one that `defineOp` made. */
export function isOwnOp(kernelName: string): boolean {
  return kernelName.startsWith(ownPrefix);
}

/**
 * Registers an op with its gradient under tf.js and returns the function that runs it. tf.js's own `customGrad` would
 * compute the gradients of all inputs each time.
 */
export function defineOp<Inputs extends NamedTensorMap, Settings extends object>(
  tf: Tf,
  definition: OpDefinition<Inputs, Settings>,
): (inputs: Inputs, settings: Settings) => Tensor[] {
  const kernelName = `${ownPrefix}${definition.name}`;
  tf.registerKernel({
    kernelName,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, attrs }) => definition.forward(inputs as Inputs, attrs as unknown as Settings),
  });
  tf.registerGradient({
    kernelName,
    inputsToSave: [...(definition.inputsToSave ?? [])],
    outputsToSave: [...(definition.outputsToSave ?? [])],
    gradFunc: (dy, saved, attrs) => {
      const [first] = Array.isArray(dy) ? dy : [dy];
      return definition.gradient(first!, saved, attrs as unknown as Settings) as Record<string, () => Tensor>;
    },
  });
  return (inputs, settings) => tf.engine().runKernel(kernelName, inputs, settings as Record<string, number>);
}
