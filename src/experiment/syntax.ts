import { isAlias, isCollection, isMap, isScalar, isSeq, Scalar, type Node, type YAMLError } from 'yaml';

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
    ...(first ? [syntaxError(source, first)] : aliasAndKeyProblems(source)),
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
    const isOpen = (node: Node) =>
      isCollection(node) && node.flow === true && node.range![0] < start && start <= node.range![1];
    const open = source.nodes().findLast(isOpen);
    const [bracket, from] = [error.message.at(-1)!, open?.range?.[0] ?? start];
    return at(from, from + 1, {
      message: 'a bracket is opened here and never closed',
      fix: `Close it with ${bracket}`,
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

/** What the parser lets pass and a config cannot hold: aliases without a value of their own, keys that are no text. */
function aliasAndKeyProblems(source: YamlSource): Diagnostic[] {
  return source.nodes().flatMap((node): Diagnostic[] => {
    const at = ({ range }: Node, words: Words) => [
      source.at(range![0], range![1], { code: 'PN202', ...words }),
    ];
    if (isAlias(node)) {
      const target = node.resolve(source.document);
      const fix = `Put &${node.source} before the value that is meant, above this line.`;
      if (!target)
        return at(node, { message: `no value is named &${node.source} before *${node.source}`, fix });
      const isInside = target.range![0] <= node.range![0] && node.range![1] <= target.range![1];
      const message = `*${node.source} stands inside the value that it repeats`;
      return isInside ? at(node, { message, fix: 'Write the value out.' }) : [];
    }
    if (!isMap(node)) return [];
    return node.items.flatMap(({ key }) =>
      isMap(key) || isSeq(key) ? at(key, { message: 'a key must be a text, not a list or mapping' }) : [],
    );
  });
}
