import { describe, expect, it } from 'vitest';

import { ownNames } from '../../../src/networks/reference-names.js';

const renamed = (network: string, names: readonly string[]) => [
  ...ownNames(network, new Map(names.map((name) => [name, name]))),
];

describe('names of a reference implementation', () => {
  it.each([
    ['allconvnet', 'features.0.weight', 'features.0.weight'],
    ['wrn-40-2', 'block2.layer.0.convShortcut.weight', 'block2.layer.0.conv_shortcut.weight'],
    ['wrn-40-2', 'block1.layer.3.bn1.running_var', 'block1.layer.3.bn1.running_var'],
    ['densenet-bc-100-12', 'dense3.15.conv2.weight', 'dense3.15.conv2.weight'],
    ['densenet-bc-100-12', 'block3.layer.15.conv2.weight', 'dense3.15.conv2.weight'],
    ['densenet-bc-100-12', 'trans1.bn1.weight', 'trans1.bn1.weight'],
    ['densenet-bc-100-12', 'features.conv0.weight', 'conv1.weight'],
    ['densenet-bc-100-12', 'features.denseblock1.denselayer1.norm1.weight', 'dense1.0.bn1.weight'],
    ['densenet-bc-100-12', 'features.denseblock3.denselayer16.conv2.weight', 'dense3.15.conv2.weight'],
    ['densenet-bc-100-12', 'features.transition2.norm.bias', 'trans2.bn1.bias'],
    ['densenet-bc-100-12', 'features.transition2.conv.weight', 'trans2.conv1.weight'],
    ['densenet-bc-100-12', 'features.norm_final.running_mean', 'bn1.running_mean'],
    ['densenet-bc-100-12', 'classifier.bias', 'fc.bias'],
    ['mobilenet-v2', 'features.18.0.weight', 'features.18.0.weight'],
  ])('%s: %s is %s', (network, theirs, ours) => {
    expect(renamed(network, [theirs])).toEqual([[ours, theirs]]);
    expect(renamed(network, [`module.${theirs}`])).toEqual([[ours, `module.${theirs}`]]);
  });

  it('keep "module." where not all have it', () => {
    expect(renamed('allconvnet', ['module.a', 'b'])).toEqual([
      ['module.a', 'module.a'],
      ['b', 'b'],
    ]);
  });

  it('never hide one tensor behind another', () => {
    const names = ['block1.layer.0.conv1.weight', 'dense1.0.conv1.weight', 'fc.bias', 'classifier.bias'];
    expect(renamed('densenet-bc-100-12', names)).toEqual(names.map((name) => [name, name]));
    const both = ['block1.layer.0.bn1.bias', 'features.denseblock1.denselayer1.norm1.bias'];
    expect(renamed('densenet-bc-100-12', both)).toEqual([
      ['dense1.0.bn1.bias', both[0]],
      [both[1], both[1]],
    ]);
  });
});
