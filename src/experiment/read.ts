import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';

import { isMap } from 'yaml';

import { ConfigError, type Diagnostic } from '../core/diagnostics.js';
import { YamlSource } from './source.js';
import { syntaxProblems } from './syntax.js';

/** A mapping as it stands in a YAML text: nothing checked, no defaults. */
export type Plain = { [key: string]: unknown };

/** Reads an experiment file as far as YAML goes. @throws {ConfigError} PN200, PN202 to PN206 */
export async function readConfig(file: string): Promise<{ source: YamlSource; value: Plain }> {
  const source = new YamlSource(file, decode(file, await readBytes(file)));
  const problems = syntaxProblems(source);
  if (problems.length > 0) throw new ConfigError(problems);

  const { contents } = source.document;
  const fail = (code: string, message: string): never => {
    const [start, end] = contents?.range ?? [0, 0];
    const fix =
      'Begin with these lines:\nname: my-experiment\ndataset: { name: cifar10 }\nnetwork: { name: allconvnet, pretrain: {} }';
    throw new ConfigError([source.at(start, end, { code, message, fix })]);
  };
  if (contents === null) return fail('PN205', 'the file is empty');
  if (!isMap(contents)) return fail('PN206', 'an experiment must be a mapping of keys to values');
  try {
    return { source, value: copy(source.document.toJS()) as Plain };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const fix = 'Write the values out instead of aliases (*name).';
    throw new ConfigError([source.at(0, 0, { code: 'PN202', message: error.message.toLowerCase(), fix })]);
  }
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what: Record<string, string> = {
      ENOENT: 'no such file',
      EISDIR: 'this is a folder, not an experiment file',
      EACCES: 'no permission to read this file',
    };
    const fix = code === 'ENOENT' ? 'Check the path; it is looked up from the current folder.' : undefined;
    throw new ConfigError([wholeFile(file, 'PN200', what[code ?? ''] ?? message, fix)]);
  }
}

function wholeFile(file: string, code: string, message: string, fix?: string): Diagnostic {
  return {
    code,
    message,
    file,
    line: 0,
    column: 0,
    length: 1,
    source: '',
    ...(fix === undefined ? {} : { fix }),
  };
}

/** UTF-8, with or without byte order mark. */
function decode(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const lines = Buffer.from(bytes).toString('latin1').split('\n');
    const wrong = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
    const source = Buffer.from(lines[wrong] ?? '', 'latin1')
      .toString('utf8')
      .replaceAll(/\p{Cc}/gu, '\uFFFD');
    const place = { line: wrong + 1, column: source.indexOf('\uFFFD') + 1, source };
    throw new ConfigError([
      {
        ...wholeFile(file, 'PN204', 'the file is not UTF-8 text', 'Save it as UTF-8 in your editor.'),
        ...place,
      },
    ]);
  }
}

/** A deep copy in which nothing is shared, so that aliases stand for values of their own. */
function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}
