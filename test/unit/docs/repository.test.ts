import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { pages, trackedFiles } from '../../support/docs/repository.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
};

describe('tracked files', () => {
  const homes = /(?<![\w.~>/])\/(?:home|root|Users)\/[\w.-]/;
  const registries =
    /\/\/[a-z.-]*(?:npmjs|yarnpkg|pypi|pythonhosted|maven|crates|golang)[a-z.]*\/|\/\/deb[.]/;
  const here = [process.cwd(), homedir()].filter((path) => path.split('/').length > 2);

  it.each([
    ['a home folder', (text: string) => homes.test(text)],
    ['the host of a package registry', (text: string) => registries.test(text)],
    ['this checkout or your home folder', (text: string) => here.some((path) => text.includes(`${path}/`))],
  ])('none names %s', (_, isBad) => {
    const bad = trackedFiles().filter((file) => existsSync(file) && isBad(readFileSync(file, 'latin1')));
    expect(bad).toEqual([]);
  });
});

it('no recorded results are of drawings in the form of a data set', () => {
  const recorded = trackedFiles().filter((file) => file.startsWith('results/') && existsSync(file));
  expect(recorded.some((file) => file.endsWith('tables.json'))).toBe(true);
  expect(recorded.filter((file) => readFileSync(file, 'latin1').includes('SYNTHETIC'))).toEqual([]);
});

it('the licence is Apache 2.0, to the letter', () => {
  expect(manifest.license).toBe('Apache-2.0');
  expect(sha256(readFileSync('LICENSE', 'utf8'))).toBe(
    'cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30',
  );
});

describe('the pages for people', () => {
  it("the README's first lines install and run what exists", () => {
    const [, block] = /```\n([^`]*)```/.exec(readFileSync('README.md', 'utf8'))!;
    expect(block).toBe('npm ci && npm run quickstart\nnpm ci && npm test\n');
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['quickstart', 'test']));
  });

  it('.ci/run runs the test command of the README', () => {
    expect(readFileSync('.ci/run', 'utf8')).toMatch(/^npm ci && npm test\b/m);
  });

  it.each(pages())('$file names scripts, commands, files and pages that exist', ({ file, text }) => {
    const scripts = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name!);
    const commands = [...text.matchAll(/patchnas ((?:data |cache |bench )?[a-z]+)\b/g)].map(
      ([, name]) => name!,
    );
    const paths = [...text.matchAll(/`((?:\.ci|bin|configs|docs|schemas|scripts|src|test)\/[\w./-]*)`/g)];
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)];
    const missing = [
      ...scripts.filter((name) => !(name in manifest.scripts)),
      ...commands.filter((name) => !existsSync(`src/commands/${name.replace(' ', '/')}.ts`)),
      ...paths.map(([, path]) => path!).filter((path) => !existsSync(path)),
      ...links.map(([, path]) => path!).filter((path) => !existsSync(join(dirname(file), path))),
    ];
    expect(missing).toEqual([]);
  });
});
