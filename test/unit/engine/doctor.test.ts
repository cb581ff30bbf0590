import { describe, expect, test } from 'vitest';

import { cureFor, type EngineFinding } from '../../../src/engine/doctor.js';
import type { Tool } from '../../../src/engine/find-tools.js';

const tools: Tool[] = [{ name: 'C++ compiler', command: 'g++', args: [], version: '12.2.0' }];
const healthy = { platformProblem: undefined, tools, device: 'cpu', engines: [] } as const;

function engine(build: 'cpu' | 'cuda', works: boolean, loads = true): EngineFinding {
  const probe = loads
    ? { loads, device: 'cpu' as const, tensorflow: '2.21.0', tfjs: '4.22.0', problems: [], complaints: '' }
    : { loads, reason: 'ended by SIGILL', complaints: '' };
  return {
    dir: `/cache/${build}`,
    build,
    tfjs: '4.22.0',
    tensorflow: '2.21.0',
    libraries: [],
    sizeBytes: 1,
    probe: probe,
    works,
  };
}

describe('the cure', () => {
  test('is not needed where the engine for the device works', () => {
    expect(cureFor({ ...healthy, engines: [engine('cuda', false), engine('cpu', true)] })).toBeUndefined();
  });

  test('no engine yet', () => {
    expect(cureFor(healthy)).toBe('Run: patchnas setup');
    expect(cureFor({ ...healthy, engines: [engine('cuda', false)] })).toBe('Run: patchnas setup');
  });

  test('no engine yet and no compiler', () => {
    expect(cureFor({ ...healthy, tools: [{ ...tools[0]!, version: undefined }] })).toBe(
      `Install C++ compiler, then run: patchnas setup
Debian, Ubuntu:  apt-get install python3 python3-pip g++
Fedora, RHEL:    dnf install python3 python3-pip gcc-c++
npm comes with Node.
Or install the official package in a folder of its own and name that folder:
  npm install @tensorflow/tfjs-node@4.22.0 && patchnas setup --from .`,
    );
  });

  test('a platform on which none can be made', () => {
    expect(cureFor({ ...healthy, platformProblem: 'an engine needs x' })).toBe(
      `An engine needs x.
Or install the official package in a folder of its own and name that folder:
  npm install @tensorflow/tfjs-node@4.22.0 && patchnas setup --from .`,
    );
  });

  test('an engine that does not load', () => {
    expect(cureFor({ ...healthy, engines: [engine('cpu', false, false)] })).toBe(
      'Remove /cache/cpu and run: patchnas setup',
    );
  });

  test('a CUDA engine that does not use the GPU', () => {
    expect(cureFor({ ...healthy, device: 'gpu', engines: [engine('cuda', false)] })).toBe(
      `TensorFlow does not use the GPU: its CUDA 12 libraries need an NVIDIA driver of 525.60.13 or later.
On the CPU: patchnas setup --device cpu`,
    );
  });
});
