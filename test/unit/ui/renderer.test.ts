import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { EventsFile } from '../../../src/ui/events-file.js';
import { chooseRenderer } from '../../../src/ui/renderer.js';
import { story } from '../../support/events.js';
import { tempFolder } from '../../support/temp-folder.js';

describe('chooseRenderer', () => {
  const terminal = { isTTY: true, columns: 80 };
  const pipe = {};
  it.each([
    ['auto', terminal, {}, 'listr'],
    ['auto', terminal, { NO_COLOR: '1' }, 'listr'],
    ['auto', pipe, {}, 'plain'],
    ['auto', { isTTY: true, columns: 0 }, {}, 'plain'],
    ['auto', terminal, { CI: 'true' }, 'plain'],
    ['auto', terminal, { CI: '1' }, 'plain'],
    ['auto', terminal, { CI: 'false' }, 'listr'],
    ['auto', terminal, { CI: '' }, 'listr'],
    ['auto', terminal, { TERM: 'dumb' }, 'plain'],
    ['plain', terminal, {}, 'plain'],
    ['json', terminal, {}, 'json'],
    ['listr', terminal, { CI: '1' }, 'listr'],
    ['listr', pipe, {}, 'plain'],
  ] as const)('%s on %o with %o is %s', (name, stderr, env, chosen) => {
    expect(chooseRenderer(name, { env, stderr })).toBe(chosen);
  });
});

describe('the events file', () => {
  it('has every event, at once', async () => {
    const store = await tempFolder();
    const file = new EventsFile(store, 'my run/1', new Date('2026-01-02T03:04:05.678Z'));
    expect(file.path).toBe(join(store, 'runs/20260102T030405Z-my-run-1/events.jsonl'));
    for (const event of story) file.show(event);
    const lines = (await readFile(file.path, 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(story);
    await file.end();
    file.show(story[0]!);
    expect((await readFile(file.path, 'utf8')).trimEnd().split('\n')).toHaveLength(story.length);
  });

  it('that cannot be written ends no run', async () => {
    const file = new EventsFile('/dev/null', 'x', new Date());
    file.show(story[0]!);
    await file.end();
    expect(await readdir('/dev')).toContain('null');
  });
});
