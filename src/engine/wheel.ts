import { readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { EngineError } from '../core/errors.js';
import { treeSize } from '../core/tree-size.js';
import { type Wheel, wheelPlatforms } from './pins.js';
import { lastLines, runTool } from './run-tool.js';

/** Parts of the wheels that an engine needs: libraries, and TensorFlow's C headers for the addon. */
const neededParts = [
  'tensorflow/libtensorflow_cc.so.2',
  'tensorflow/libtensorflow_framework.so.2',
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/ctstring',
  'tensorflow/include/tsl/platform/ctstring',
  'tensorflow/include/xla/tsl/c/',
  'nvidia/',
];

/** Unpacks the members that begin with one of the given texts, without headers and static libraries of CUDA. */
const unpackProgram = `
import sys, zipfile
wheel, target, *parts = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if not name.startswith(tuple(parts)) or name.endswith((".py", ".a")): continue
        if name.startswith("nvidia/") and "/include/" in name: continue
        archive.extract(name, target)
`;

/**
 * Fetches a wheel with the person's own pip (so their index, proxy and certificate settings hold), which checks its
 * SHA-256. It is the wheel for CPython 3.11 whatever Python is there: nothing of it that depends on Python is used.
 * @param folder an empty one
 * @param onBytes called about four times a second while pip downloads
 * @returns the wheel's path
 * @throws {EngineError} PN403
 */
export async function downloadWheel(
  wheel: Wheel,
  folder: string,
  onBytes: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${wheel.name}==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
  const timer = setInterval(() => void treeSize(folder).then(onBytes), 250);
  const pip = await runTool('python3', pipArgs(requirements, folder), {
    env: { TMPDIR: folder }, // where pip keeps what it has so far
    ...(signal && { signal }),
  }).finally(() => clearInterval(timer));
  const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (pip.code !== 0 || file === undefined)
    throw new EngineError(`pip could not fetch ${wheel.name} ${wheel.version}:\n${lastLines(pip)}`, {
      code: 'PN403',
      fix: fetchFix(wheel),
    });
  onBytes(wheel.sizeBytes);
  return join(folder, file);
}

/** Unpacks what an engine needs of a wheel: the folders `tensorflow` and `nvidia`. @throws {EngineError} PN404 */
export async function unpackWheel(wheel: string, target: string, signal?: AbortSignal): Promise<void> {
  const args = ['-c', unpackProgram, wheel, target, ...neededParts];
  const python = await runTool('python3', args, signal ? { signal } : {});
  if (python.code !== 0)
    throw new EngineError(`${basename(wheel)} could not be unpacked:\n${lastLines(python)}`, {
      code: 'PN404',
      where: target,
      fix: 'If the disk is full, make room, or set PATCHNAS_CACHE to another folder.',
    });
}

function pipArgs(requirements: string, work: string): string[] {
  return [
    ...['-m', 'pip', 'download', '--disable-pip-version-check', '--progress-bar', 'off', '--no-cache-dir'],
    ...['--no-deps', '--only-binary=:all:', '--python-version', '3.11', '--implementation', 'cp'],
    ...wheelPlatforms.flatMap((platform) => ['--platform', platform]),
    ...['--require-hashes', '--requirement', requirements, '--dest', work],
  ];
}

function fetchFix({ name, version, sizeBytes, sha256 }: Wheel): string {
  return (
    `It fetches ${name} ${version}: ${sizeBytes} bytes, SHA-256 ${sha256}.\n` +
    "Mend pip's network settings (index, proxy) and try again. From a folder with the wheels, without a network:\n" +
    '  PIP_NO_INDEX=1 PIP_FIND_LINKS=/folder patchnas setup'
  );
}
