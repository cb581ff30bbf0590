import { describe, expect, it } from 'vitest';

import { ConfigError, type Diagnostic } from '../../../src/core/diagnostics.js';
import { InternalError, StoreError } from '../../../src/core/errors.js';
import { formatDiagnostics } from '../../../src/ui/diagnostics.js';
import { reportError } from '../../../src/ui/error-report.js';

const unknown: Diagnostic = {
  code: 'PN212',
  message: 'unknown network "allconvnett"',
  file: 'configs/quickstart.yaml',
  line: 14,
  column: 9,
  length: 11,
  source: '  name: allconvnett',
  fix: 'Did you mean "allconvnet"? Known networks: allconvnet (patchnas list networks)',
};
const empty: Diagnostic = {
  code: 'PN205',
  message: 'the file is empty',
  file: 'a.yaml',
  line: 1,
  column: 1,
  length: 1,
  source: '',
};

describe('formatDiagnostics', () => {
  it('shows place, message, source line with the part underlined, and cure', () => {
    expect(formatDiagnostics([unknown])).toBe(
      [
        'configs/quickstart.yaml:14:9  PN212 unknown network "allconvnett"',
        '      name: allconvnett',
        '            ~~~~~~~~~~~',
        '  Did you mean "allconvnet"? Known networks: allconvnet (patchnas list networks)',
      ].join('\n'),
    );
  });

  it('shows all problems, and those without a source line too', () => {
    expect(formatDiagnostics([empty, { ...unknown, fix: 'one\ntwo' }])).toBe(
      [
        'a.yaml:1:1  PN205 the file is empty',
        '',
        'configs/quickstart.yaml:14:9  PN212 unknown network "allconvnett"',
        '      name: allconvnett',
        '            ~~~~~~~~~~~',
        '  one',
        '  two',
      ].join('\n'),
    );
  });

  it('keeps tabs, so that the underline stands right at any width of theirs', () => {
    const text = formatDiagnostics([{ ...unknown, source: '\tname: x', column: 8, length: 1 }]);
    expect(text.split('\n').slice(1, 3)).toEqual(['    \tname: x', '    \t      ~']);
  });
});

describe('reportError', () => {
  it('has exit code, text and JSON for each kind, without a stack', () => {
    const store = new StoreError('no space', { code: 'PN601', where: '/store', fix: 'Free some.' });
    expect(reportError(store, false)).toEqual({
      exitCode: 6,
      code: 'PN601',
      text: 'PN601 no space\n  at /store\n  Free some.',
      json: { code: 'PN601', exitCode: 6, message: 'no space', where: '/store', fix: 'Free some.' },
    });
    const config = reportError(new ConfigError([empty]), false);
    expect(config).toMatchObject({ exitCode: 2, code: 'PN205', text: 'a.yaml:1:1  PN205 the file is empty' });
    expect(config.json).toMatchObject({ diagnostics: [empty] });
    expect(reportError(new TypeError('x is not a function'), false)).toEqual({
      exitCode: 1,
      code: 'PN100',
      text: 'PN100 x is not a function\n  This is a bug of patchnas: please report it with what --debug adds.',
      json: {
        code: 'PN100',
        exitCode: 1,
        message: 'x is not a function',
        fix: 'This is a bug of patchnas: please report it with what --debug adds.',
      },
    });
  });

  it('has the stacks of the error and its causes with --debug', () => {
    const error = new InternalError('outer', { code: 'PN150', cause: new Error('inner') });
    const { text } = reportError(error, true);
    expect(text).toMatch(/^PN150 outer\nInternalError: outer\n {4}at [^]*\ncaused by Error: inner\n {4}at /);
    expect(reportError(error, false).text).toBe('PN150 outer');
  });
});
