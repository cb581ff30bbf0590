import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { type EngineRecord, writeEngineRecord } from '../../../src/engine/engine-record.js';
import {
  engineKey,
  enginesFolder,
  expectedEngineId,
  findEngine,
  listEngines,
  resolveDevice,
} from '../../../src/engine/engines.js';
import { installEngine } from '../../../src/engine/install.js';
import { tempFolder } from '../../support/temp-folder.js';

const record: EngineRecord = {
  tfjs: '4.22.0',
  tensorflow: '2.21.0',
  build: 'cpu',
  origin: 'made',
  wheels: [],
  compiled: '',
  createdAt: '2026-11-25T00:00:00.000Z',
};

async function cacheWith(engines: Readonly<Record<string, EngineRecord | undefined>>): Promise<string> {
  const cacheDir = await tempFolder();
  for (const [name, content] of Object.entries(engines)) {
    const dir = join(enginesFolder(cacheDir), name);
    await mkdir(dir, { recursive: true });
    if (content) await writeEngineRecord(dir, content);
  }
  return cacheDir;
}

describe('finding an engine', () => {
  test('an empty cache has none', async () => {
    const cacheDir = await cacheWith({});
    expect(listEngines(cacheDir)).toEqual([]);
    expect(findEngine(cacheDir, 'cpu')).toBeUndefined();
  });

  test('a folder without a record or still being built is none', async () => {
    const cacheDir = await cacheWith({ [engineKey('cpu')]: undefined, '.x~host~1~2': record });
    expect(findEngine(cacheDir, 'cpu')).toBeUndefined();
  });

  test('the one that setup makes comes before a person’s own', async () => {
    const cacheDir = await cacheWith({
      'a-own': { ...record, tensorflow: '2.9.1', origin: { from: '/x' } },
      [engineKey('cpu')]: record,
    });
    expect(listEngines(cacheDir).map(({ id }) => id.tensorflow)).toEqual(['2.21.0', '2.9.1']);
    expect(findEngine(cacheDir, 'cpu')?.dir).toBe(join(enginesFolder(cacheDir), engineKey('cpu')));
    expect(findEngine(cacheDir, 'gpu')).toBeUndefined();
  });

  test('its id is what plan expects before it is there', async () => {
    const cacheDir = await cacheWith({ [engineKey('cpu')]: record });
    expect(findEngine(cacheDir, 'cpu')?.id).toEqual(expectedEngineId('cpu'));
    expect(expectedEngineId('cpu')).toMatchObject({ device: 'cpu', precision: 'float32', tfjs: '4.22.0' });
  });
});

test('the key names all that the libraries depend on', () => {
  expect(engineKey('cuda')).toBe('tfjs-4.22.0_tensorflow-2.21.0_cuda_napi-v8');
});

test('cpu is cpu everywhere', () => {
  expect(resolveDevice('cpu')).toBe('cpu');
});

test('gpu without a card fails, auto takes the cpu', () => {
  const held = process.env.CUDA_VISIBLE_DEVICES;
  process.env.CUDA_VISIBLE_DEVICES = ''; // hides the cards of a machine that has some
  try {
    expect(resolveDevice('auto')).toBe('cpu');
    expect(() => resolveDevice('gpu')).toThrow('the device is gpu, but there is no NVIDIA GPU here');
  } finally {
    if (held === undefined) delete process.env.CUDA_VISIBLE_DEVICES;
    else process.env.CUDA_VISIBLE_DEVICES = held;
  }
});

test('--offline without an engine says what is missing and how big it is', async () => {
  const cacheDir = await tempFolder();
  const options = { cacheDir, device: 'cpu', offline: true, emit: () => undefined } as const;
  const text = await installEngine(options).then(() => '', formatError);
  expect(text.replaceAll(cacheDir, '<cache>')).toBe(
    `PN407 the TensorFlow engine for cpu is missing and --offline forbids to fetch it
  at <cache>/engines/tfjs-4.22.0_tensorflow-2.21.0_cpu_napi-v8
  Run \`patchnas setup --device cpu\` once with a network: it fetches 274 MB.`,
  );
});
