import {
  Document,
  LineCounter,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Node,
} from 'yaml';

import type { Diagnostic } from '../core/diagnostics.js';

/** Where a value stands in a config: the keys that lead to it. */
export type Path = readonly (string | number)[];

/** `noise.severities[2]`. */
export function pathText(path: Path): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

/** A YAML text with the place of each of its values. */
export class YamlSource {
  readonly file: string;
  readonly document: Document.Parsed;
  private readonly text: string;
  private readonly lines = new LineCounter();

  /** @param text without byte order mark */
  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, logLevel: 'error' });
  }

  /** A diagnostic that underlines the characters from `start` to `end`, as far as they are on one line. */
  at(start: number, end: number, problem: Pick<Diagnostic, 'code' | 'message' | 'fix'>): Diagnostic {
    const { line, col } = this.lines.linePos(start);
    const from = start - (col - 1);
    const lineBreak = this.text.indexOf('\n', from);
    const source = this.text.slice(from, lineBreak < 0 ? undefined : lineBreak).replace(/\r$/, '');
    const length = Math.max(1, Math.min(end, from + source.length) - start);
    return { ...problem, file: this.file, line: Math.max(1, line), column: Math.max(1, col), length, source };
  }

  /** The place of the value at that path, or of the deepest part of the path that is there. */
  locate(path: Path): Located {
    let node: unknown = this.document.contents;
    let key: Node | undefined;
    let depth = 0;
    for (const part of path) {
      if (isAlias(node)) node = node.resolve(this.document);
      if (isMap(node)) {
        const pair = node.items.find((item) => keyText(item.key) === String(part));
        if (!pair) break;
        key = pair.key as Node;
        node = pair.value;
      } else if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
        key = undefined;
        node = node.items[part];
      } else break;
      depth++;
    }
    const isLeaf = !isMap(node) && !isSeq(node);
    return { depth, isLeaf, key: rangeOf(key), value: rangeOf(node) };
  }

  /** The nodes of the document, in the order of the text. */
  nodes(): Node[] {
    const found: Node[] = [];
    visit(this.document, { Node: (_, node) => void found.push(node) });
    return found;
  }
}

export interface Located {
  /** How many parts of the path are in the text. */
  readonly depth: number;
  readonly isLeaf: boolean;
  readonly key: Range | undefined;
  readonly value: Range | undefined;
}
type Range = readonly [start: number, end: number];

function keyText(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}

function rangeOf(node: unknown): Range | undefined {
  if (!isNode(node) || !node.range || node.range[1] <= node.range[0]) return undefined;
  return [node.range[0], node.range[1]];
}
