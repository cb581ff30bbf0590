import { TensorView } from './tensor-view.js';

/** Under which keys training scripts keep the weights, beside the epoch, the optimiser and the like. */
const holders = ['state_dict', 'model_state_dict', 'model_state', 'model', 'net', 'network'];

export type StateDict = ReadonlyMap<string, TensorView>;

/** The state dict in what a file holds: the whole, or what stands under one of the usual keys. */
export function findStateDict(value: unknown): StateDict | undefined {
  if (isStateDict(value)) return value;
  if (!(value instanceof Map)) return undefined;
  return holders.map((key): unknown => value.get(key)).find(isStateDict);
}

function isStateDict(value: unknown): value is StateDict {
  return (
    value instanceof Map &&
    value.size > 0 &&
    [...value].every(([name, tensor]) => typeof name === 'string' && tensor instanceof TensorView)
  );
}

/** What a value without a state dict is, to stand after "it holds". */
export function described(value: unknown): string {
  if (value instanceof Map) {
    const keys = [...value.keys()].map(String);
    return keys.length === 0
      ? 'an empty dict'
      : `${keys.slice(0, 12).join(', ')}${keys.length > 12 ? ', …' : ''}`;
  }
  if (value instanceof TensorView) return 'a single tensor';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return 'something else';
}
