import { EngineError } from '../core/errors.js';
import { pins } from './pins.js';

/** What the prebuilt TensorFlow libraries ask of a machine. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
  /** Version of the GNU C library; undefined on musl (Alpine) and outside Linux. */
  readonly glibc: string | undefined;
}

export const minimalGlibc = '2.27';

/** For machines on which an engine cannot be made. */
export const otherWay =
  `Or install the official package in a folder of its own and name that folder:\n` +
  `  npm install @tensorflow/tfjs-node@${pins.tfjs} && patchnas setup --from .`;

export function thisPlatform(): Platform {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return { os: process.platform, arch: process.arch, glibc: header.glibcVersionRuntime };
}

/** Why an engine cannot be made on such a machine; undefined where it can. */
export function platformProblem({ os, arch, glibc }: Platform): string | undefined {
  if (os !== 'linux' || arch !== 'x64')
    return `an engine is made from libraries for Linux on x86-64, and this is ${os} on ${arch}`;
  if (glibc === undefined)
    return 'an engine is made from libraries for the GNU C library, and this Linux has another (musl)';
  if (isOlder(glibc, minimalGlibc))
    return `an engine needs the GNU C library ${minimalGlibc} or later, and this is ${glibc}`;
  return undefined;
}

/** @throws {EngineError} PN400 that names the official package as the way. */
export function requirePlatform(platform: Platform): void {
  const problem = platformProblem(platform);
  if (problem === undefined) return;
  throw new EngineError(problem, { code: 'PN400', fix: otherWay.replace(/^Or i/, 'I') });
}

function isOlder(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = minimum.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
