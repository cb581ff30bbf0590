import type { NumberFormatName } from '../number-formats.js';
import type { PickleGlobal } from '../pickle/machine.js';
import { Storage, TensorView } from './tensor-view.js';

/** A storage type: a name only, which stands in the persistent ids of storages. */
interface StorageType extends PickleGlobal {
  readonly format: NumberFormatName;
}

const storageTypes: Readonly<Record<string, StorageType>> = {
  'torch.DoubleStorage': { format: 'F64' },
  'torch.FloatStorage': { format: 'F32' },
  'torch.HalfStorage': { format: 'F16' },
  'torch.BFloat16Storage': { format: 'BF16' },
  'torch.LongStorage': { format: 'I64' },
  'torch.IntStorage': { format: 'I32' },
  'torch.ShortStorage': { format: 'I16' },
  'torch.CharStorage': { format: 'I8' },
  'torch.ByteStorage': { format: 'U8' },
  'torch.BoolStorage': { format: 'BOOL' },
};

/** (storage, offset, shape, strides, …): what follows concerns gradients. */
const tensor: PickleGlobal = {
  call: ([storage, offset, shape, strides]) => {
    if (!(storage instanceof Storage && isCount(offset) && isCounts(shape) && isCounts(strides)))
      throw new RangeError('a tensor is not made of a storage, an offset, a shape and strides');
    return new TensorView(storage, offset, shape, strides);
  },
};

/** (tensor, …) */
const parameter: PickleGlobal = {
  call: ([data]) => {
    if (!(data instanceof TensorView)) throw new RangeError('a parameter is not made of a tensor');
    return data;
  },
};

/** From nothing, or from a list of pairs as Python 2 wrote it. Its state is the versions of PyTorch's modules. */
const orderedDict: PickleGlobal = {
  call: ([pairs = []]) => {
    if (!Array.isArray(pairs) || !pairs.every((pair) => Array.isArray(pair) && pair.length === 2))
      throw new RangeError('an OrderedDict is not made of pairs');
    return new Map(pairs as [unknown, unknown][]);
  },
  setState: () => undefined,
};

/** A value that checkpoints keep beside their weights and that nothing here needs. */
const unused: PickleGlobal = { call: () => ({}), setState: () => undefined };

/** All that a file of PyTorch may name: tensors, containers, and plain things that stand beside them. */
export const pytorchGlobals: Readonly<Record<string, PickleGlobal>> = {
  ...storageTypes,
  'torch._utils._rebuild_tensor': tensor,
  'torch._utils._rebuild_tensor_v2': tensor,
  'torch._utils._rebuild_parameter': parameter,
  'torch._utils._rebuild_parameter_with_state': parameter,
  'collections.OrderedDict': orderedDict,
  'collections.Counter': unused,
  'argparse.Namespace': unused,
  'torch.Size': unused,
  'torch.device': unused,
  'numpy.core.multiarray.scalar': unused,
  'numpy._core.multiarray.scalar': unused,
  'numpy.dtype': unused,
  '_codecs.encode': unused,
};

/** A persistent id: ('storage', type, key, device, count). @throws {RangeError} when it is another one */
export function storageOf(id: unknown): Storage {
  const [kind, type, key, , count] = Array.isArray(id) ? (id as readonly unknown[]) : [];
  const known = Object.values(storageTypes).find((one) => one === type);
  if (kind !== 'storage' || !known || typeof key !== 'string' || !isCount(count))
    throw new RangeError('it refers to something other than a storage');
  return new Storage(known.format, key, count);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}
