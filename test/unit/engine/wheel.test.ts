import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { describe, expect, test, vi } from 'vitest';

import { wheels } from '../../../src/engine/pins.js';
import { downloadWheel, unpackWheel } from '../../../src/engine/wheel.js';
import { tempFolder } from '../../support/temp-folder.js';

/** A zip archive with these files, each holding its own name. */
async function archive(path: string, names: readonly string[]): Promise<void> {
  const content = await tempFolder();
  for (const name of names) {
    await mkdir(join(content, dirname(name)), { recursive: true });
    await writeFile(join(content, name), name);
  }
  execFileSync('python3', ['-m', 'zipfile', '-c', path, ...(await readdir(content))], { cwd: content });
}

describe('unpacking', () => {
  test('takes libraries and the headers that the addon needs, and nothing else', async () => {
    const folder = await tempFolder();
    const wheel = join(folder, 'x.whl');
    const needed = [
      'tensorflow/libtensorflow_cc.so.2',
      'tensorflow/include/tensorflow/c/c_api.h',
      'nvidia/cudnn/lib/libcudnn.so.9',
      'nvidia/cuda_nvcc/bin/ptxas',
    ];
    const others = [
      'tensorflow/__init__.py',
      'tensorflow/include/Eigen/Core',
      'nvidia/cudnn/include/cudnn.h',
      'nvidia/cudnn/__init__.py',
      'nvidia/cusparse/lib/libcusparse_static.a',
    ];
    await archive(wheel, [...needed, ...others]);
    await unpackWheel(wheel, join(folder, 'out'));
    const entries = await readdir(join(folder, 'out'), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name).slice(folder.length + 5));
    expect(files.sort()).toEqual(needed.sort());
  });

  test('a file that is no archive', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, 'x.whl'), 'not a zip file');
    await expect(unpackWheel(join(folder, 'x.whl'), folder)).rejects.toMatchObject({
      code: 'PN404',
      message: expect.stringMatching(/^x\.whl could not be unpacked:\n[^]*BadZipFile/) as string,
    });
  });
});

describe('downloading, from a folder of wheels in place of a network', () => {
  async function download(findLinks: string): Promise<unknown> {
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', findLinks);
    try {
      return await downloadWheel(wheels.cpu[0]!, await tempFolder(), () => undefined);
    } finally {
      vi.unstubAllEnvs();
    }
  }

  test('an altered wheel is refused', async () => {
    const folder = await tempFolder();
    await archive(join(folder, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl'), [
      'tensorflow/x',
    ]);
    await expect(download(folder)).rejects.toMatchObject({
      code: 'PN403',
      message: expect.stringMatching(
        /^pip could not fetch tensorflow-cpu 2\.21\.0:\n[^]*Expected sha256 2b847d217b02ee77/,
      ) as string,
    });
  });

  test('no wheel there', async () => {
    await expect(download(await tempFolder())).rejects.toMatchObject({
      code: 'PN403',
      fix: `It fetches tensorflow-cpu 2.21.0: 273829956 bytes, SHA-256 2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c.
Mend pip's network settings (index, proxy) and try again. From a folder with the wheels, without a network:
  PIP_NO_INDEX=1 PIP_FIND_LINKS=/folder patchnas setup`,
    });
  });
});
