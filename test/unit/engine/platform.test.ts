import { describe, expect, test } from 'vitest';

import { EngineError, formatError } from '../../../src/core/errors.js';
import { platformProblem, requirePlatform, thisPlatform } from '../../../src/engine/platform.js';

describe('where an engine can be made', () => {
  test.each([
    [{ os: 'linux', arch: 'x64', glibc: '2.27' }, undefined],
    [{ os: 'linux', arch: 'x64', glibc: '2.40' }, undefined],
    [{ os: 'linux', arch: 'x64', glibc: '3.0' }, undefined],
    [
      { os: 'linux', arch: 'x64', glibc: '2.17' },
      'an engine needs the GNU C library 2.27 or later, and this is 2.17',
    ],
    [
      { os: 'linux', arch: 'x64', glibc: undefined },
      'an engine is made from libraries for the GNU C library, and this Linux has another (musl)',
    ],
    [
      { os: 'linux', arch: 'arm64', glibc: '2.36' },
      'an engine is made from libraries for Linux on x86-64, and this is linux on arm64',
    ],
    [
      { os: 'darwin', arch: 'arm64', glibc: undefined },
      'an engine is made from libraries for Linux on x86-64, and this is darwin on arm64',
    ],
  ])('%o', (platform, problem) => {
    expect(platformProblem(platform)).toBe(problem);
  });
});

test('elsewhere the error names the official package as the way', () => {
  let error: unknown;
  try {
    requirePlatform({ os: 'win32', arch: 'x64', glibc: undefined });
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(EngineError);
  expect(formatError(error)).toBe(
    `PN400 an engine is made from libraries for Linux on x86-64, and this is win32 on x64
  Install the official package in a folder of its own and name that folder:
    npm install @tensorflow/tfjs-node@4.22.0 && patchnas setup --from .`,
  );
});

test('this machine says what it is', () => {
  const { os, arch } = thisPlatform();
  expect([os, arch]).toEqual([process.platform, process.arch]);
});
