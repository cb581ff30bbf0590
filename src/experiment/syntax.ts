import { isAlias, isMap, isScalar, Scalar, type YAMLError } from 'yaml';

import type { Diagnostic } from '../core/diagnostics.js';
import type { YamlSource } from './source.js';

type Words = Pick<Diagnostic, 'message' | 'fix'>;

const alike = 'Write "key: value" with a space after the colon, and indent the keys of one mapping alike.';

/** Words for the mistakes that people make; for the rest the parser's own. */
const words: Partial<Record<YAMLError['code'], Words>> = {
  TAB_AS_INDENT: { message: 'a tab is used as indentation', fix: 'Use spaces: YAML forbids tabs there.' },
  MULTIPLE_DOCS: {
    message: 'a second YAML document begins here, but an experiment file holds one',
    fix: 'Write it to a file of its own.',
  },
  BLOCK_AS_IMPLICIT_KEY: { message: 'a mapping cannot begin here', fix: alike },
  MULTILINE_IMPLICIT_KEY: { message: 'this is not a key with a value', fix: alike },
  TAG_RESOLVE_FAILED: { message: 'an unknown YAML tag', fix: 'Remove the word that begins with "!".' },
};

/**
 * What is wrong with a text as YAML: every key that stands twice, and the first real syntax error (what the parser
 * says after that one is mostly its consequence).
 */
export function syntaxProblems(source: YamlSource): Diagnostic[] {
  const { errors, warnings } = source.document;
  const duplicates = errors.filter((error) => error.code === 'DUPLICATE_KEY');
  const first = [...errors, ...warnings].find((error) => error.code !== 'DUPLICATE_KEY');
  return [
    ...duplicates.map((error) => duplicateKey(source, error)),
    ...(first ? [syntaxError(source, first)] : aliasProblems(source)),
  ];
}

function syntaxError(source: YamlSource, error: YAMLError): Diagnostic {
  const [start, end] = error.pos;
  const at = (from: number, to: number, { message, fix }: Words): Diagnostic =>
    source.at(from, to, { code: 'PN202', message, ...(fix === undefined ? {} : { fix }) });

  if (error.code === 'MISSING_CHAR' && /quote$/.test(error.message)) {
    const open = source
      .nodes()
      .findLast((node) => isScalar(node) && isQuoted(node) && node.range![0] < start);
    if (open)
      return at(open.range![0], start, {
        message: 'a quote is opened here and never closed',
        fix: 'Close it.',
      });
  }
  if (error.code === 'BAD_INDENT' && error.message.startsWith('Flow')) {
    const bracket = error.message.at(-1)!;
    return at(start, end, {
      message: `"${bracket}" is missing before this`,
      fix: `Close the list or mapping with ${bracket}`,
    });
  }
  const known = words[error.code];
  return at(start, end, known ?? { message: `not valid YAML: ${error.message.toLowerCase()}` });
}

function isQuoted(node: Scalar): boolean {
  return node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
}

function duplicateKey(source: YamlSource, error: YAMLError): Diagnostic {
  for (const node of source.nodes()) {
    if (!isMap(node)) continue;
    const keys = node.items.map((item) => item.key).filter(isScalar);
    const second = keys.find((key) => key.range?.[0] === error.pos[0]);
    const first = second && keys.find((key) => key.value === second.value);
    if (!first) continue;
    const line = source.at(first.range![0], first.range![1], { code: 'PN203', message: '' }).line;
    return source.at(second.range![0], second.range![1], {
      code: 'PN203',
      message: `the key "${String(second.value)}" stands here a second time`,
      fix: `It is on line ${line} already: keep one of them.`,
    });
  }
  return source.at(error.pos[0], error.pos[1], { code: 'PN203', message: 'this key stands here twice' });
}

function aliasProblems(source: YamlSource): Diagnostic[] {
  return source.nodes().flatMap((node) => {
    if (!isAlias(node) || node.resolve(source.document)) return [];
    const [start, end] = node.range!;
    return source.at(start, end, {
      code: 'PN202',
      message: `no anchor &${node.source} stands before the alias *${node.source}`,
      fix: `Put &${node.source} before the value that is meant.`,
    });
  });
}
