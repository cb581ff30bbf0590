import { describe, expect, it } from 'vitest';

import { errorSites } from '../../support/docs/error-sites.js';
import { errorsPage, exitOf, spoken } from '../../support/docs/errors-page.js';

const sites = errorSites();

/** Codes that several files share on purpose: the same problem, met in different places. */
const shared: Readonly<Record<string, string>> = {
  PN130: 'a run that was interrupted, and any other command',
  PN202: 'YAML that does not parse, and YAML that parses to nothing an experiment can be',
};

const exits: Readonly<Record<string, number>> = {
  InternalError: 1,
  UsageError: 2,
  ConfigError: 2,
  DataError: 3,
  EngineError: 4,
  StageError: 5,
  StoreError: 6,
  ResultsDiffer: 7,
};

it('docs/errors.md tells the errors as they are', async () => {
  await expect(await errorsPage()).toMatchFileSnapshot('../../../docs/errors.md');
});

describe('a code', () => {
  it('has the exit code of its class as hundreds digit', () => {
    const wrong = sites.filter(
      ({ code, className }) =>
        className !== undefined && className !== 'Interrupted' && exits[className] !== exitOf(code),
    );
    expect(wrong).toEqual([]);
  });

  it('is made in one file, unless it is shared on purpose', () => {
    const filesOf = (code: string) =>
      new Set(sites.filter((site) => site.code === code).map(({ file }) => file));
    const inMany = [...new Set(sites.map(({ code }) => code))].filter((code) => filesOf(code).size > 1);
    expect(inMany).toEqual(Object.keys(shared));
  });

  it('has a message that can be read in the source, or words of its own on the page', () => {
    const codes = [...new Set(sites.map(({ code }) => code))];
    const mute = codes.filter(
      (code) => !sites.some((site) => site.code === code && site.messages.length > 0),
    );
    expect(mute).toEqual(Object.keys(spoken));
  });
});
