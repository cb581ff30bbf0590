import type { networks } from './index.js';

type NetworkName = (typeof networks)[number]['name'];

/** A pattern of names elsewhere, and what they are called here. */
type Rename = readonly [pattern: RegExp, own: string | ((...found: string[]) => string)];

/**
 * The names here are those of AugMix's code (allconvnet, wrn-40-2), of bamos/densenet.pytorch and of torchvision. Other
 * implementations of the same network differ in names alone: the first pattern that matches says how.
 */
const renames: Readonly<Record<NetworkName, readonly Rename[]>> = {
  allconvnet: [],
  // xternalz/WideResNet-pytorch, and the models of RobustBench that descend from it
  'wrn-40-2': [[/\.convShortcut\./, '.conv_shortcut.']],
  'densenet-bc-100-12': [
    // andreasveit/densenet-pytorch
    [/^block(\d+)\.layer\./, 'dense$1.'],
    // gpleiss/efficient_densenet_pytorch: its layers count from 1
    [/^features\.conv0\./, 'conv1.'],
    [
      /^features\.denseblock(\d+)\.denselayer(\d+)\.(?:norm(\d)|conv(\d))\./,
      (_, block, layer, norm: string | undefined, conv) =>
        `dense${block}.${Number(layer) - 1}.${norm === undefined ? `conv${conv}` : `bn${norm}`}.`,
    ],
    [/^features\.transition(\d+)\.norm\./, 'trans$1.bn1.'],
    [/^features\.transition(\d+)\.conv\./, 'trans$1.conv1.'],
    [/^features\.norm_final\./, 'bn1.'],
    [/^classifier\./, 'fc.'],
  ],
  'mobilenet-v2': [],
};

/** In front of every name of a model that `torch.nn.DataParallel` held. */
const parallel = 'module.';

/**
 * Tensors of a reference implementation under the names of the network here. A name that would fall on another one
 * stays as it is, and is then unknown.
 * @param network a name of the catalogue
 */
export function ownNames<T>(network: string, tensors: ReadonlyMap<string, T>): Map<string, T> {
  const isParallel = [...tensors.keys()].every((name) => name.startsWith(parallel));
  const rules = renames[network as NetworkName];
  const renamed = new Map<string, T>();
  for (const [name, tensor] of tensors) {
    const plain = isParallel ? name.slice(parallel.length) : name;
    const [pattern, own] = rules.find(([pattern]) => pattern.test(plain)) ?? [];
    const wanted = pattern && own !== undefined ? replaced(plain, pattern, own) : plain;
    renamed.set(tensors.has(wanted) || renamed.has(wanted) ? name : wanted, tensor);
  }
  return renamed;
}

function replaced(name: string, pattern: RegExp, own: NonNullable<Rename[1]>): string {
  return typeof own === 'string' ? name.replace(pattern, own) : name.replace(pattern, own);
}
