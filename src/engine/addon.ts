import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EngineError } from '../core/errors.js';
import { pins } from './pins.js';
import { lastLines, runTool } from './run-tool.js';

/** Installs tf.js with its sources into an engine folder; no script of any package runs. @throws {EngineError} PN405 */
export async function installTfjs(engineDir: string, signal?: AbortSignal): Promise<void> {
  const dependencies = {
    '@tensorflow/tfjs-node-gpu': pins.tfjs,
    'node-api-headers': pins.nodeApiHeaders,
  };
  await writeFile(join(engineDir, 'package.json'), JSON.stringify({ private: true, dependencies }, null, 2));
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline'];
  const npm = await runTool('npm', ['install', ...flags, '--loglevel', 'error'], {
    cwd: engineDir,
    ...(signal && { signal }),
  });
  if (npm.code !== 0)
    throw new EngineError(`npm could not fetch tf.js ${pins.tfjs}:\n${lastLines(npm)}`, {
      code: 'PN405',
      fix: "Mend npm's network settings (registry, proxy) and try again.",
    });
}

/**
 * Compiles tf.js's own addon against TensorFlow's C library. The library is found by a path relative to the addon, so
 * the folder can be renamed and moved as a whole.
 * @returns the command that was run
 * @throws {EngineError} PN406 with what the compiler said
 */
export async function compileAddon(engineDir: string, signal?: AbortSignal): Promise<string> {
  const packageDir = 'node_modules/@tensorflow/tfjs-node-gpu';
  const outputDir = `${packageDir}/lib/napi-v${pins.napi}`;
  await mkdir(join(engineDir, outputDir), { recursive: true });
  const args = [
    ...['-O2', '-std=c++17', '-shared', '-fPIC', '-w', `-DNAPI_VERSION=${pins.napi}`],
    ...['-Ilibraries/tensorflow/include', '-Inode_modules/node-api-headers/include', `-I${packageDir}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => `${packageDir}/binding/${file}`),
    ...['-Llibraries/tensorflow', '-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2'],
    // From node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8.
    '-Wl,-rpath,$ORIGIN/../../../../../libraries/tensorflow',
    ...['-o', `${outputDir}/tfjs_binding.node`],
  ];
  const compiler = await runTool('g++', args, { cwd: engineDir, ...(signal && { signal }) });
  if (compiler.code !== 0)
    throw new EngineError(`the addon does not compile:\n${lastLines(compiler, 20)}`, {
      code: 'PN406',
      fix: 'It needs g++ 8 or later (C++17).',
    });
  return ['g++', ...args].join(' ');
}
