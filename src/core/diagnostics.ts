import { PatchnasError } from './errors.js';

/**
 * One problem of a text file, with its place. Lines and columns count from 1. Line 0 stands for no line: the whole
 * of `file` is meant (it is missing, say; `source` is then empty), or `file` is a flag such as "--set" and `source`
 * the flag as it was typed, with `column` and `length` pointing into it.
 */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters to underline, at least 1. */
  readonly length: number;
  /** The source line, without its line break. */
  readonly source: string;
  readonly fix?: string;
}

/** A wrong experiment file: every problem of it at once. */
export class ConfigError extends PatchnasError {
  readonly exitCode = 2;
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    const n = diagnostics.length;
    super(`${n} problem${n === 1 ? '' : 's'} in the configuration`, {
      code: diagnostics[0]?.code ?? 'PN200',
    });
    this.diagnostics = diagnostics;
  }
}
