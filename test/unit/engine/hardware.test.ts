import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { cpuInstructionSet, nvidiaCards, nvidiaDriver } from '../../../src/engine/hardware.js';
import { tempFolder } from '../../support/temp-folder.js';

test.each([
  ['fpu sse4_2 avx avx2 avx512f avx512_vnni avx512_bf16', 'avx512_bf16'],
  ['fpu sse4_2 avx avx2 avx512f amx_bf16 avx512_bf16', 'amx_bf16'],
  ['fpu sse4_2 avx avx2', 'avx2'],
  ['fpu', 'unknown'],
])('instruction set of a CPU with %s', (flags, expected) => {
  expect(cpuInstructionSet(`processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t:\n`)).toBe(expected);
});

test('no /proc/cpuinfo', () => {
  expect(cpuInstructionSet('')).toBe('unknown');
});

describe('NVIDIA cards', () => {
  async function driver(): Promise<string> {
    const folder = await tempFolder();
    for (const [slot, model] of [
      ['0000:01:00.0', 'NVIDIA H100 80GB HBM3'],
      ['0000:02:00.0', 'NVIDIA A100-SXM4-40GB'],
    ]) {
      await mkdir(join(folder, slot!));
      await writeFile(join(folder, slot!, 'information'), `Model: \t\t ${model}\nIRQ:   \t\t 44\n`);
    }
    return folder;
  }

  test('names, chosen and hidden by CUDA_VISIBLE_DEVICES', async () => {
    const folder = await driver();
    const [first, second] = ['NVIDIA H100 80GB HBM3', 'NVIDIA A100-SXM4-40GB'];
    expect(nvidiaCards(folder, undefined)).toEqual([first, second]);
    expect(nvidiaCards(folder, '1')).toEqual([second]);
    expect(nvidiaCards(folder, '1,0')).toEqual([second, first]);
    expect(nvidiaCards(folder, '')).toEqual([]);
    expect(nvidiaCards(folder, '-1')).toEqual([]);
    expect(nvidiaCards(folder, '7')).toEqual([]);
    expect(nvidiaCards(folder, 'GPU-8932f937')).toEqual([first]);
  });

  test('no driver', async () => {
    expect(nvidiaCards(join(await tempFolder(), 'missing'), undefined)).toEqual([]);
    expect(nvidiaDriver('/missing')).toBeUndefined();
  });

  test.each([
    ['NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024', '550.54.14'],
    ['NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build', '570.86.15'],
  ])('driver of "%s"', async (line, version) => {
    const file = join(await tempFolder(), 'version');
    await writeFile(file, `${line}\nGCC version:  gcc version 12.2.0 (Debian)\n`);
    expect(nvidiaDriver(file)).toBe(version);
  });
});
