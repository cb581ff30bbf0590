import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { unpackNpmPackage } from '../../../src/datasets/npm-package.js';
import { tempFolder } from '../../support/temp-folder.js';

const otherWay = 'take the folder that you have:\n  patchnas data fetch letters --from DIR';

/** A registry on this machine with one package, `letters@1.0.0`, for the real npm client. */
async function serveLetters(): Promise<Buffer> {
  const folder = await tempFolder();
  await mkdir(join(folder, 'package'));
  await writeFile(join(folder, 'package', 'package.json'), '{"name":"letters","version":"1.0.0"}');
  await writeFile(join(folder, 'package', 'a.txt'), 'a'.repeat(50_000));
  spawnSync('tar', ['-czf', 'letters-1.0.0.tgz', 'package'], { cwd: folder });
  const tarball = await readFile(join(folder, 'letters-1.0.0.tgz'));
  const server = createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return response.end(tarball);
    const dist = {
      tarball: `${registry}/letters/-/letters-1.0.0.tgz`,
      integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
    };
    const versions = { '1.0.0': { name: 'letters', version: '1.0.0', dist } };
    return response.end(JSON.stringify({ name: 'letters', 'dist-tags': { latest: '1.0.0' }, versions }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv('npm_config_registry', registry);
  vi.stubEnv('npm_config_noproxy', '127.0.0.1');
  return tarball;
}

function lettersOf(tarball: Buffer) {
  return { name: 'letters', version: '1.0.0', sizeBytes: tarball.length, sha256: sha256(tarball) };
}

async function options() {
  return {
    work: await tempFolder(),
    onBytes: () => undefined,
    signal: new AbortController().signal,
    otherWay,
  };
}

describe('unpackNpmPackage', () => {
  it('gives the files of the package', async () => {
    const letters = lettersOf(await serveLetters());
    const folder = await unpackNpmPackage(letters, await options());
    expect(await readdir(folder)).toEqual(['a.txt', 'package.json']);
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('a'.repeat(50_000));
  });

  it('refuses another tarball of that name and version', async () => {
    const tarball = await serveLetters();
    const expected = { ...lettersOf(tarball), sha256: '0'.repeat(64) };
    await expect(unpackNpmPackage(expected, await options())).rejects.toMatchObject({
      exitCode: 3,
      code: 'PN333',
      message:
        `npm gave another letters@1.0.0 than the known one: ` +
        `${tarball.length} bytes, SHA-256 ${sha256(tarball)}`,
      where: 'npm pack letters@1.0.0',
      fix:
        `It fetches letters@1.0.0: ${tarball.length} bytes, SHA-256 ${'0'.repeat(64)}.\n` +
        `Mend npm's network settings (registry, proxy) and try again, or ${otherWay}`,
    });
  });

  it('says what npm said when the version is not there', async () => {
    const letters = { ...lettersOf(await serveLetters()), version: '9.9.9' };
    await expect(unpackNpmPackage(letters, await options())).rejects.toMatchObject({
      code: 'PN332',
      message: expect.stringMatching(
        /^npm could not fetch letters@9\.9\.9: code ETARGET\n {2}notarget No matching version found/,
      ) as string,
      fix: expect.stringContaining('patchnas data fetch letters --from DIR') as string,
    });
  });

  it('says so when nothing answers', async () => {
    const tarball = await serveLetters();
    vi.stubEnv('npm_config_registry', 'http://127.0.0.1:9');
    vi.stubEnv('npm_config_fetch_retries', '0');
    await expect(unpackNpmPackage(lettersOf(tarball), await options())).rejects.toMatchObject({
      code: 'PN332',
      message: expect.stringMatching(
        /^npm could not fetch letters@1\.0\.0: code ECONNREFUSED\n {2}(?!at |errno|syscall)/,
      ) as string,
    });
  });

  it('says so when there is no npm, and when there is no tar', async () => {
    const tarball = await serveLetters();
    const bin = await tempFolder();
    vi.stubEnv('PATH', bin);
    await expect(unpackNpmPackage(lettersOf(tarball), await options())).rejects.toMatchObject({
      code: 'PN332',
      message: 'npm could not fetch letters@1.0.0: the command npm is not there',
    });
    // an npm that finds the tarball, in a folder without tar
    await writeFile(join(bin, 'npm'), `#!/bin/sh\nexec ${process.execPath} "$NPM" "$@"\n`, { mode: 0o755 });
    vi.stubEnv('NPM', npmScript);
    await expect(unpackNpmPackage(lettersOf(tarball), await options())).rejects.toMatchObject({
      code: 'PN334',
      message: 'tar could not unpack letters@1.0.0: the command tar is not there',
      fix: `Install tar and gzip (on Debian or Ubuntu: apt-get install tar gzip), or ${otherWay}`,
    });
  });

  it('stops npm when the signal comes', async () => {
    const letters = lettersOf(await serveLetters());
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    vi.stubEnv('npm_config_registry', `http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    silent.once('request', () => controller.abort(reason));
    await expect(unpackNpmPackage(letters, { ...(await options()), signal: controller.signal })).rejects.toBe(
      reason,
    );
  });
});

const npmScript = spawnSync('sh', ['-c', 'readlink -f "$(command -v npm)"'], {
  encoding: 'utf8',
}).stdout.trim();
