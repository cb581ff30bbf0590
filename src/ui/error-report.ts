import { ConfigError } from '../core/diagnostics.js';
import { formatError, PatchnasError } from '../core/errors.js';
import { formatDiagnostics } from './diagnostics.js';

/** An error as a command ends with it. */
export interface ErrorReport {
  readonly exitCode: number;
  readonly code: string;
  /** For stderr. */
  readonly text: string;
  /** For `--json`. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What to say about any error; only `debug` brings stack traces. */
export function reportError(error: unknown, isDebug: boolean): ErrorReport {
  const stack = isDebug ? `\n${stackOf(error)}` : '';
  if (error instanceof PatchnasError) {
    const { exitCode, code, message, where, fix } = error;
    const diagnostics = error instanceof ConfigError ? error.diagnostics : undefined;
    const text = diagnostics ? formatDiagnostics(diagnostics) : formatError(error);
    const json = { code, exitCode, message, where, fix, ...(diagnostics && { diagnostics }) };
    return { exitCode, code, text: text + stack, json };
  }
  const message = (error instanceof Error ? error.message : String(error)).replace(
    /^(Parsing --\S+) \n\t/,
    '$1: ',
  );
  const [code, exitCode, fix]: [string, number, string] = isOclifUsage(error)
    ? ['PN290', 2, 'See the same command with --help']
    : [
        'PN100',
        1,
        `This is a bug of patchnas: please report it with ${isDebug ? 'this text' : 'what --debug adds'}.`,
      ];
  const [what] = message.split('\nSee more help');
  return {
    exitCode,
    code,
    text: `${code} ${what}\n  ${fix}${stack}`,
    json: { code, exitCode, message: what, fix },
  };
}

/** Wrong flags and arguments, as oclif reports them. */
function isOclifUsage(error: unknown): boolean {
  return (
    error instanceof Error && 'oclif' in error && ('parse' in error || error.message.startsWith('Parsing --'))
  );
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return (error.stack ?? error.message) + cause;
}
