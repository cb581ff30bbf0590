import { symlink } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { cacheDir } from '../support/cache-dir.js';
import { testEngineDir } from '../support/engine.js';
import { type Outcome, Rig } from '../support/rig.js';

const noCards = { CUDA_VISIBLE_DEVICES: '' };

/** Versions, sizes and places replaced, so that the text is the same on every machine. */
function normal(text: string, rig: Rig): string {
  return text
    .replaceAll(rig.folder, '<folder>')
    .replace(/^(Node +).*$/m, '$1<version>')
    .replace(/^((?:Python 3|pip|C\+\+ compiler|npm) +)\d.*$/gm, '$1<version>')
    .replace(/^Platform .*$/m, 'Platform      <platform>')
    .replace(/^NVIDIA driver .*? \(/m, 'NVIDIA driver <version> (')
    .replace(/ +\d+ B\b/g, ' <size>');
}

/** A folder of programs for PATH in which only Node is found. */
async function pathWithNodeOnly(rig: Rig): Promise<string> {
  await rig.write({ 'bin/empty': '' });
  await symlink(process.execPath, rig.path('bin/node'));
  return rig.path('bin');
}

describe('setup', () => {
  it('with an engine in the cache says which and needs no network', async () => {
    const rig = await Rig.open();
    const outcome = await rig.run('setup --offline --device cpu', { env: { PATCHNAS_CACHE: cacheDir } });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    expect(outcome.stdout).toMatch(
      /^TensorFlow 2\.21\.0 under tf\.js 4\.22\.0, for cpu \(\w+\)\n.*_cpu_napi-v8\n$/,
    );
  });

  it('without one and without a network', async () => {
    const rig = await Rig.open();
    const { code, stdout, stderr } = await rig.run('setup --offline --device cpu');
    expect([code, stdout, normal(stderr, rig)]).toEqual([
      4,
      '',
      `PN407 the TensorFlow engine for cpu is missing and --offline forbids to fetch it
  at <folder>/cache/engines/tfjs-4.22.0_tensorflow-2.21.0_cpu_napi-v8
  Run \`patchnas setup --device cpu\` once with a network: it fetches 274 MB.
`,
    ]);
  });

  it('without Python and compiler: one message, and nothing written', async () => {
    const rig = await Rig.open();
    const PATH = await pathWithNodeOnly(rig);
    const { code, stdout, stderr } = await rig.run('setup --device cpu', { env: { PATH } });
    expect([code, stdout, stderr]).toEqual([
      4,
      '',
      `PN401 the engine cannot be made without Python 3, pip, C++ compiler, npm
  Debian, Ubuntu:  apt-get install python3 python3-pip g++
  Fedora, RHEL:    dnf install python3 python3-pip gcc-c++
  npm comes with Node.
  Or install the official package in a folder of its own and name that folder:
    npm install @tensorflow/tfjs-node@4.22.0 && patchnas setup --from .
`,
    ]);
    expect((await rig.exec('/bin/ls', [])).stdout).toBe('bin\n');
  });

  it('--from a folder without the official package', async () => {
    const rig = await Rig.open();
    await rig.write({ 'empty/README': '' });
    const { code, stderr } = await rig.run('setup --from empty');
    expect([code, normal(stderr, rig)]).toEqual([
      4,
      `PN409 the engine there does not work:
TensorFlow does not load: Cannot find module '@tensorflow/tfjs-node-gpu'
Require stack:
- <folder>/empty/package.json
  at <folder>/empty
  In that folder: npm install @tensorflow/tfjs-node@4.22.0
`,
    ]);
  });
});

describe('doctor', () => {
  it('with an engine that works', async () => {
    const rig = await Rig.open();
    expect(await rig.run(`setup --from ${testEngineDir()}`)).toMatchObject({ code: 0, stderr: '' });
    const { code, stdout, stderr } = await rig.run('doctor', { env: noCards });
    expect([code, stderr]).toEqual([0, '']);
    await expect(normal(stdout, rig)).toMatchFileSnapshot('../golden/engine/doctor-works.txt');
    expect(stdout.split('\n').filter((line) => line.length > 80 && !line.includes(rig.folder))).toEqual([]);
  });

  it('without an engine: code 4 and the cure, the same with --json', async () => {
    const rig = await Rig.open();
    const cure = 'PN413 no TensorFlow engine works here on the cpu\n  Run: patchnas setup\n';
    const plain = await rig.run('doctor', { env: noCards });
    expect([plain.code, plain.stderr]).toEqual([4, cure]);
    await expect(normal(plain.stdout, rig)).toMatchFileSnapshot('../golden/engine/doctor-empty.txt');
    const json: Outcome = await rig.run('doctor --json', { env: noCards });
    expect([json.code, json.stderr]).toEqual([4, cure]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      device: 'cpu',
      engines: [],
      works: false,
      cure: 'Run: patchnas setup',
    });
  });

  it('an engine that was damaged after it was made', async () => {
    const rig = await Rig.open();
    const record = { tfjs: '4.22.0', tensorflow: '2.21.0', build: 'cpu', origin: 'made', wheels: [] };
    await rig.write({ 'cache/engines/broken/engine.json': JSON.stringify(record) });
    const { code, stdout, stderr } = await rig.run('doctor', { env: noCards });
    expect([code, normal(stderr, rig)]).toEqual([
      4,
      `PN413 no TensorFlow engine works here on the cpu
  Remove <folder>/cache/engines/broken and run: patchnas setup
`,
    ]);
    expect(stdout).toContain('Engine cpu    TensorFlow 2.21.0 under tf.js 4.22.0: does not load\n');
  });
});
