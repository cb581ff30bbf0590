import { copyFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { readSafetensors } from '../../src/core/safetensors.js';
import { cacheDir } from '../support/cache-dir.js';
import { Rig } from '../support/rig.js';

const experiment = `name: brought
repeats: 1
dataset: { name: shapes, train: 100, test: 40 }
network:
  name: allconvnet
  width: 0.05
  weights: theirs.pth.tar
  normalisation: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] }
noise: { types: [fog] }
split: { failures: 10 }
methods: [original]
`;

const env = { PATCHNAS_CACHE: cacheDir };

/** A folder with the experiment and the weights of PyTorch that it names. */
async function open(): Promise<Rig> {
  const rig = await Rig.open();
  await rig.write({ 'brought.yaml': experiment });
  await copyFile('test/golden/pytorch-files/checkpoint.pth.tar', rig.path('theirs.pth.tar'));
  return rig;
}

it('export: a network that is not there yet', async () => {
  const rig = await open();
  const { code, stdout, stderr } = await rig.run('export brought.yaml --out ours.safetensors --store store', {
    env,
  });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr.replaceAll(rig.folder, '<rig>')).toBe(
    'PN297 the network of this experiment is not in the store\n  at <rig>/store\n' +
      '  Make it first, with the same --set and --store: patchnas run brought.yaml --until pretrain\n',
  );
});

it('export: weights that PyTorch saved come out of a run under the names and in the order of PyTorch', async () => {
  const rig = await open();
  const line = 'brought.yaml --store store --renderer plain';
  const made = await rig.run(`run ${line} --until pretrain --offline`, { env });
  expect(made.stderr).toContain('pretrain finished');
  const { code, stdout, stderr } = await rig.run(`export ${line} --out made/ours.safetensors`, { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(
    'made/ours.safetensors: allconvnet, 56 tensors, 10 classes, 22 kB\n' +
      'Images: [n, 3, height, width] from 0 to 1, less the mean [0.5, 0.5, 0.5], divided by [0.25, 0.25, 0.25]\n' +
      "In Python: model.load_state_dict(safetensors.torch.load_file('made/ours.safetensors'))\n",
  );
  const theirs = await readSafetensors('test/golden/pytorch/narrow/before.safetensors');
  const { tensors, metadata } = await readSafetensors(rig.path('made/ours.safetensors'));
  expect(tensors).toEqual(
    new Map([...theirs.tensors].filter(([name]) => !name.endsWith('num_batches_tracked'))),
  );
  expect(JSON.parse(metadata['normalisation']!)).toEqual({
    mean: [0.5, 0.5, 0.5],
    std: [0.25, 0.25, 0.25],
  });

  const again = await rig.run(`export ${line} --out made/ours.safetensors`, { env });
  expect({ ...again, stderr: again.stderr.replaceAll(rig.folder, '<rig>') }).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr:
      'PN298 the file is there already\n  at <rig>/made/ours.safetensors\n  Choose another name, or remove it first.\n',
  });
});
