import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../../src/core/errors.js';
import type { NdArray } from '../../../../src/core/npy.js';
import { readSafetensors } from '../../../../src/core/safetensors.js';
import { readWeights } from '../../../../src/core/weights-file.js';
import { ZipFile } from '../../../../src/core/zip.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { writeZip } from '../../../support/zip-file.js';

/** Files of scripts/pytorch-files.py. */
const folder = 'test/golden/pytorch-files';
const expected = JSON.parse(await readFile(`${folder}/expected.json`, 'utf8')) as Record<
  string,
  Record<string, { readonly shape: number[]; readonly data: number[] }>
>;

const plain = (tensors: ReadonlyMap<string, NdArray>) =>
  Object.fromEntries([...tensors].map(([name, { shape, data }]) => [name, { shape, data: [...data] }]));

async function refusal(path: string): Promise<string> {
  const error: unknown = await readWeights(path).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DataError);
  return formatError(error).replaceAll(path, 'FILE');
}

describe("a state dict of PyTorch's", () => {
  it.each(Object.keys(expected))('%s has the shapes and numbers that PyTorch reads from it', async (file) => {
    expect(plain((await readWeights(`${folder}/${file}`)).tensors)).toEqual(expected[file]);
  });

  it('is found in a checkpoint, whatever stands beside it', async () => {
    const { tensors, metadata } = await readWeights(`${folder}/checkpoint.pth.tar`);
    const { tensors: weights } = await readSafetensors('test/golden/pytorch/narrow/before.safetensors');
    const named = [...weights].map(([name, tensor]): [string, NdArray] => [`module.${name}`, tensor]);
    expect(plain(tensors)).toEqual(plain(new Map(named)));
    expect(metadata).toEqual({});
  });
});

describe('refused, and nothing was run:', () => {
  const alone = "Save the state dict alone, in Python: torch.save(model.state_dict(), 'weights.pt')";
  const only = `${alone}. Only tensors and plain values are read.`;

  it.each([
    ['a command in protocol 2', 'command-2.pt', 'posix.system', 174],
    ['a command in protocol 4', 'command-4.pt', 'posix.system', 182],
    ['a whole model', 'whole-model.pt', 'torch.nn.modules.linear.Linear', 2],
  ])('%s', async (_case, file, name, byte) => {
    const before = existsSync('patchnas-was-here');
    expect(await refusal(`${folder}/${file}`)).toBe(
      `PN370 the pickle names ${name}, which is not allowed; nothing was run\n` +
        `  at FILE (${file.replace('.pt', '')}/data.pkl), byte ${byte}\n  ${only}`,
    );
    expect([before, existsSync('patchnas-was-here')]).toEqual([false, false]);
  });

  it('the form of PyTorch before 1.6', async () => {
    expect(await refusal(`${folder}/old.pth`)).toBe(
      'PN373 the file is in the form of PyTorch before 1.6, which is not read\n  at FILE\n' +
        `  Save it anew: python3 -c "import torch; torch.save(torch.load('FILE', map_location='cpu', weights_only=True), 'weights.pt')"`,
    );
  });

  it('a TorchScript program', async () => {
    expect(await refusal(`${folder}/script.pt`)).toBe(
      'PN374 the file is a TorchScript program, not a state dict\n  at FILE\n' +
        `  Save its state dict: python3 -c "import torch; torch.save(torch.jit.load('FILE', map_location='cpu').state_dict(), 'weights.pt')"`,
    );
  });

  it.each([
    ['an empty dict', '}.', 'an empty dict'],
    ['a list', '](K\x01K\x02e.', 'a list of 2'],
    ['a text', 'X\x01\0\0\0a.', 'something else'],
    ['other things', '}(X\x05\0\0\0epochK\x03X\x05\0\0\0modelX\x03\0\0\0wrnu.', 'epoch, model'],
    [
      'many things',
      `}(${[...Array(14).keys()].map((k) => `K${String.fromCharCode(k)}N`).join('')}u.`,
      '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …',
    ],
    ['a single tensor', tensorText('2', [2], [1]), 'a single tensor'],
  ])('a file that holds %s', async (_case, pickle, what) => {
    const path = await archive(pickle);
    expect(await refusal(path)).toBe(
      `PN375 there is no state dict in the file: it holds ${what}\n  at FILE\n  ${alone}`,
    );
  });

  it('a zip archive of something else', async () => {
    const path = join(await tempFolder(), 'a.npz');
    await writeZip(path, [{ name: 'arr_0.npy', bytes: Buffer.from('x') }]);
    expect(await refusal(path)).toBe(
      `PN375 the zip archive holds no data.pkl, so PyTorch did not write it\n  at FILE\n  ${alone}`,
    );
  });

  it('a file that is none of these', async () => {
    expect(await refusal('package.json')).toMatch(/^PN320 not a safetensors file/);
  });
});

describe('a tensor that cannot be', () => {
  const damaged = (what: string, byte: number) =>
    `PN371 the pickle cannot be read: ${what}\n  at FILE (x/data.pkl), byte ${byte}\n` +
    '  Copy it or make it again: it is damaged, or not what it seems.';
  const dict = (tensor: string) => `}X\x01\0\0\0w${tensor.slice(0, -1)}s.`;

  it.each([
    [
      'that leaves its storage',
      '2',
      [2, 2],
      [2, 1],
      'a tensor of shape [2, 2] ends at number 3 of a storage of 2',
      134,
    ],
    ['with a stride too few', '2', [2, 1], [1], 'a tensor of shape [2, 1] has strides [1]', 131],
    ['without end', '2', [65535, 65535], [0, 0], 'a tensor of 4294836225 numbers', 134],
  ])('%s', async (_case, count, shape, strides, what, byte) => {
    expect(await refusal(await archive(dict(tensorText(count, shape, strides))))).toBe(damaged(what, byte));
  });

  it('of a storage that is not there, or too short', async () => {
    const pickle = dict(tensorText('2', [2], [1]));
    const said = (found: string) =>
      `PN376 x/data/0 has ${found} bytes, and its tensors need 8\n  at FILE\n  Copy it or make it again: it is damaged.`;
    expect(await refusal(await archive(pickle, {}))).toBe(said('no'));
    expect(await refusal(await archive(pickle, { 'data/0': Buffer.alloc(7) }))).toBe(said('7'));
  });

  it('of two storages under one key is measured by its own', async () => {
    const [first, second] = [tensorText('2', [2], [1]), tensorText('9', [9], [1])];
    const pickle = `}(X\x01\0\0\0v${first.slice(0, -1)}X\x01\0\0\0w${second.slice(0, -1)}u.`;
    expect(await refusal(await archive(pickle, { 'data/0': Buffer.alloc(8) }))).toMatch(
      /^PN376 x\/data\/0 has 8 bytes, and its tensors need 36/,
    );
  });

  it('of big-endian numbers', async () => {
    const files = { 'data/0': Buffer.alloc(8), byteorder: Buffer.from('big') };
    expect(await refusal(await archive(dict(tensorText('2', [2], [1])), files))).toBe(
      'PN377 the numbers in the file are big endian\n  at FILE\n' +
        "  Save it anew on a little-endian machine: torch.save(torch.load('FILE'), 'weights.pt')",
    );
  });

  it('but the same tensor over a whole storage is read', async () => {
    const path = await archive(dict(tensorText('2', [2], [1])), {
      'data/0': Buffer.from(Float32Array.of(3, -4).buffer),
    });
    expect(plain((await readWeights(path)).tensors)).toEqual({ w: { shape: [2], data: [3, -4] } });
    const zip = await ZipFile.open(path);
    expect(zip.names).toEqual(['x/data.pkl', 'x/data/0']);
    await zip.close();
  });
});

/** A pickle of one float tensor from the start of storage 0. @param count numbers of the storage */
function tensorText(count: string, shape: readonly number[], strides: readonly number[]): string {
  const tuple = (numbers: readonly number[]) =>
    `(${numbers.map((n) => `M${String.fromCharCode(n & 255, n >> 8)}`).join('')}t`;
  return (
    'ctorch._utils\n_rebuild_tensor_v2\n((U\x07storagectorch\nFloatStorage\nU\x010U\x03cpu' +
    `I${count}\ntQK\0${tuple(shape)}${tuple(strides)}I00\nccollections\nOrderedDict\n)RtR.`
  );
}

/** A PyTorch archive with that pickle and those other entries. */
async function archive(pickle: string, files: Readonly<Record<string, Uint8Array>> = {}): Promise<string> {
  const path = join(await tempFolder(), 'x.pt');
  const others = Object.entries(files).map(([name, bytes]) => ({ name: `x/${name}`, bytes }));
  await writeZip(path, [{ name: 'x/data.pkl', bytes: Buffer.from(pickle, 'latin1') }, ...others]);
  return path;
}
