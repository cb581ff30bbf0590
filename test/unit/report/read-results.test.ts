import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { readableJson, readManifest, readTables, buildTables } from '../../../src/report/index.js';
import { few, quick, sample } from '../../golden/report/sample.js';
import { tempFolder } from '../../support/temp-folder.js';

const tables = buildTables(
  sample({ environments: quick, behaviours: few, repeats: 1, images: 20, classes: 2, isTrained: true }),
);

/** What reading says of a folder with this text. */
async function told(file: 'tables.json' | 'manifest.json', text: string): Promise<string> {
  const dir = await tempFolder();
  await writeFile(join(dir, file), text);
  const read = file === 'tables.json' ? readTables(dir) : readManifest(dir);
  return read.then(
    () => 'read',
    (error: unknown) => formatError(error).replaceAll(dir, 'DIR'),
  );
}

const other = (file: string): string =>
  `PN391 ${file} does not have the form of this version\n  at DIR/${file}\n` +
  '  Make it again with: patchnas run DIR/resolved.yaml';

test('tables come back as they were written', async () => {
  const dir = await tempFolder();
  await writeFile(join(dir, 'tables.json'), readableJson(tables));
  expect(await readTables(dir)).toEqual(JSON.parse(JSON.stringify(tables)));
});

test.each([
  ['broken off', '{ "accuracy": ['],
  ['not an object', '7'],
  ['without a table', readableJson({ ...tables, gate: undefined })],
  ['of a version that marked no best values', readableJson(tables).replaceAll('"best"', '"worst"')],
])('tables.json %s', async (_, text) => {
  expect(await told('tables.json', text)).toBe(other('tables.json'));
});

test('a manifest without its engine', async () => {
  expect(await told('manifest.json', '{ "files": [], "stages": [] }')).toBe(other('manifest.json'));
  expect(await told('manifest.json', '{ "files": [], "stages": [], "engine": {} }')).toBe('read');
});
