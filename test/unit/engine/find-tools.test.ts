import { expect, test } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { findTools, requireTools, type Tool } from '../../../src/engine/find-tools.js';

function tool(name: Tool['name'], version: string | undefined): Tool {
  return { name, command: '', args: [], version };
}

test('all missing programs are named in one message, with what to install', () => {
  const tools = [
    tool('Python 3', '3.11.7'),
    tool('pip', undefined),
    tool('C++ compiler', undefined),
    tool('npm', '10.8.2'),
  ];
  let text = '';
  try {
    requireTools(tools);
  } catch (error) {
    text = formatError(error);
  }
  expect(text).toBe(
    `PN401 the engine cannot be made without pip, C++ compiler
  Debian, Ubuntu:  apt-get install python3 python3-pip g++
  Fedora, RHEL:    dnf install python3 python3-pip gcc-c++
  npm comes with Node.
  Or install the official package in a folder of its own and name that folder:
    npm install @tensorflow/tfjs-node@4.22.0 && patchnas setup --from .`,
  );
});

test('nothing missing, nothing said', () => {
  expect(() => requireTools([tool('Python 3', '3.8.0')])).not.toThrow();
});

test('the tools of this machine have versions', async () => {
  const tools = await findTools();
  expect(tools.map(({ name }) => name)).toEqual(['Python 3', 'pip', 'C++ compiler', 'npm']);
  for (const { version } of tools) expect(version).toMatch(/^\d+\.\d+/);
});
