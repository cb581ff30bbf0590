import { format } from 'prettier';

import { errorSites, type ErrorSite } from './error-sites.js';

/** What a code stands for where its text does not stand in the source. */
export const spoken: Readonly<Record<string, string>> = {
  PN100: 'Any error that nobody expected, with its own message.',
  PN200: 'The experiment file cannot be read, for the reason that the system gives.',
  PN202: 'Something that is not YAML, or that an experiment file cannot hold, and how to write it.',
  PN290: 'A flag or argument that is wrong, in the words of oclif.',
};

const kinds = [
  {
    exit: 1,
    name: 'InternalError',
    meaning: 'A bug of this program. Please report it with what `--debug` adds.',
  },
  {
    exit: 2,
    name: 'UsageError, ConfigError',
    meaning:
      'Wrong flags or arguments, or a wrong experiment file: then all its problems are shown, each with file, line and column.',
  },
  { exit: 3, name: 'DataError', meaning: 'Data that are missing or not what they should be.' },
  { exit: 4, name: 'EngineError', meaning: 'TensorFlow does not work here, or not on the wanted device.' },
  { exit: 5, name: 'StageError', meaning: 'A stage of a run failed. The others are kept.' },
  { exit: 6, name: 'StoreError', meaning: 'The store or the results cannot be read or written.' },
  { exit: 7, name: 'ResultsDiffer', meaning: 'A reproduction found other numbers than the recorded ones.' },
] as const;

const head = `<!-- Written by \`npm run test:update\` from the source; do not edit. -->

# Errors

Every error has a code and up to three parts: what happened, with the value that was found; where; and how to mend it.
The hundreds digit of the code is the exit code, the same with \`--json\`. Stack traces come only with \`--debug\`.
An interrupted run (Ctrl-C, SIGTERM) has the code PN130 and exit code 130; it says what is kept and how to go on.

In the messages, … stands for what is filled in.
`;

/** `docs/errors.md`: every code with its class, exit code and messages. */
export function errorsPage(): Promise<string> {
  const sites = errorSites();
  const parts = kinds.map(({ exit, name, meaning }) => {
    const codes = [...new Set(sites.map(({ code }) => code))].filter((code) => exitOf(code) === exit);
    const rows = codes.map((code) => `| ${code} | ${messagesOf(code, sites)} |`);
    const table = rows.length > 0 ? ['', '| code | message |', '| --- | --- |', ...rows] : [];
    return [`## Exit code ${exit}: ${name}`, '', meaning, ...table, ''].join('\n');
  });
  return format([head, ...parts].join('\n'), { parser: 'markdown' });
}

export function exitOf(code: string): number {
  return Number(code[2]);
}

/** All texts of a code, each once. */
function messagesOf(code: string, sites: readonly ErrorSite[]): string {
  const texts = sites.flatMap((site) => (site.code === code ? site.messages : []));
  const known = [...new Set(texts)].map((text) => `\`${text.replaceAll('\n', ' ').trim()}\``);
  return (known.length > 0 ? known.join('<br>') : (spoken[code] ?? '')).replaceAll('|', '\\|');
}
