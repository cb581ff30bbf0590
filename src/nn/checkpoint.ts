import { DataError } from '../core/errors.js';
import type { NdArray } from '../core/npy.js';
import { readSafetensors, writeSafetensors } from '../core/safetensors.js';
import type { Engine } from '../engine/engine.js';
import { allArrays, type Layout, type Module, type Parameter } from './parameter.js';

/** PyTorch's axis order of each layout, as a permutation of ours. */
const toPytorch: Record<Layout, readonly number[] | undefined> = {
  'as-is': undefined,
  conv: [3, 2, 0, 1],
  depthwise: [2, 3, 0, 1],
  dense: [1, 0],
};
const fromPytorch: typeof toPytorch = {
  'as-is': undefined,
  conv: [2, 3, 1, 0],
  depthwise: [2, 3, 0, 1],
  dense: [1, 0],
};

/** All arrays of a module under PyTorch's names and in its axis order. */
export async function moduleTensors(
  engine: Engine,
  module: Module,
): Promise<Map<string, NdArray<Float32Array>>> {
  const tensors = new Map<string, NdArray<Float32Array>>();
  for (const array of allArrays(module)) {
    const axes = toPytorch[array.layout];
    const turned = axes ? engine.tf.transpose(array.variable, [...axes]) : array.variable.clone();
    tensors.set(array.name, { shape: turned.shape, data: (await turned.data()) as Float32Array });
    turned.dispose();
  }
  return tensors;
}

const fitting =
  'Give the file that belongs to this network, or set the network and its width to the ones that it was trained with.';

/**
 * Gives a module the values of a file.
 * @param fix how to mend weights that do not fit, where it is not by another network or width
 * @throws {DataError} PN324 that lists every missing, extra and misshapen tensor by name with both shapes.
 */
export function assignTensors(
  engine: Engine,
  module: Module,
  tensors: ReadonlyMap<string, NdArray<Float32Array>>,
  where: string,
  fix = fitting,
): void {
  const { tf } = engine;
  const wanted = new Map(allArrays(module).map((array) => [array.name, array]));
  const problems: string[] = [];
  for (const [name, array] of wanted) {
    const found = tensors.get(name);
    const shape = pytorchShape(array);
    if (!found) problems.push(`missing ${name} [${shape.join(', ')}]`);
    else if (found.shape.join() !== shape.join())
      problems.push(`${name} is [${found.shape.join(', ')}] but the network has [${shape.join(', ')}]`);
  }
  for (const [name, { shape }] of tensors)
    if (!wanted.has(name) && !ignored(name)) problems.push(`unknown ${name} [${shape.join(', ')}]`);
  if (problems.length > 0) {
    throw new DataError(`the weights do not fit the network:\n  ${problems.join('\n  ')}`, {
      code: 'PN324',
      where,
      fix,
    });
  }
  for (const [name, array] of wanted) {
    const found = tensors.get(name)!;
    tf.tidy(() => {
      const raw = tf.tensor(found.data, [...found.shape]);
      const axes = fromPytorch[array.layout];
      array.variable.assign(axes ? tf.transpose(raw, [...axes]) : raw);
    });
  }
}

/** Writes a module, with metadata such as the normalisation. Same values, same bytes. */
export async function saveModule(
  engine: Engine,
  path: string,
  module: Module,
  metadata: Record<string, string> = {},
): Promise<void> {
  await writeSafetensors(path, await moduleTensors(engine, module), metadata);
}

/** Reads a file of `saveModule` (or PyTorch's) into a module, and gives its metadata. @throws {DataError} PN324 */
export async function loadModule(
  engine: Engine,
  path: string,
  module: Module,
): Promise<Record<string, string>> {
  const { tensors, metadata } = await readSafetensors(path);
  assignTensors(engine, module, tensors, path);
  return metadata;
}

/** PyTorch counts batches in each norm; nothing here needs the count. */
function ignored(name: string): boolean {
  return name.endsWith('.num_batches_tracked');
}

function pytorchShape(array: Parameter): readonly number[] {
  const axes = toPytorch[array.layout];
  return axes ? axes.map((axis) => array.variable.shape[axis]!) : array.variable.shape;
}
