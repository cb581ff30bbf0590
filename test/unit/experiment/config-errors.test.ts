import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { ConfigError } from '../../../src/core/diagnostics.js';
import { loadExperiment } from '../../../src/experiment/load.js';
import { formatDiagnostics } from '../../../src/ui/diagnostics.js';

/** `NAME.yaml` is a wrong file, `NAME.flags` has its `--set` flags, one a line, `NAME.txt` is all that is said. */
const folder = 'test/golden/config-errors';
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => file.slice(0, -'.yaml'.length));

async function whatIsSaid(name: string): Promise<string> {
  const flags = `${folder}/${name}.flags`;
  const sets = existsSync(flags) ? readFileSync(flags, 'utf8').trimEnd().split('\n') : [];
  try {
    return `accepted: ${JSON.stringify(await loadExperiment(`${folder}/${name}.yaml`, sets))}`;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.exitCode).toBe(2);
    return `${formatDiagnostics(error.diagnostics)}\n`;
  }
}

describe('what is said about a wrong experiment file', () => {
  it.each(names)('%s', async (name) => {
    await expect(await whatIsSaid(name)).toMatchFileSnapshot(`../../golden/config-errors/${name}.txt`);
  });

  it('every golden text belongs to a file', () => {
    const texts = readdirSync(folder).filter((file) => /\.(txt|flags)$/.test(file));
    expect(texts.filter((file) => !names.includes(file.replace(/\.\w+$/, '')))).toEqual([]);
  });
});
