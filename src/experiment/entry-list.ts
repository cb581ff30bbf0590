import { catalogues, withParams, type CatalogueName, type Declaration } from './catalogues.js';
import { expected } from './expected.js';

const columns = 80;

/** A catalogue for a terminal of 80 columns: names, summaries, and below them the parameters that can be set. */
export function entryList(catalogue: CatalogueName): string {
  const entries: readonly Declaration[] = catalogues[catalogue];
  const indent = Math.max(...entries.map(({ name }) => name.length)) + 2;
  return entries.flatMap((entry) => entryLines(entry, indent, withParams.includes(catalogue))).join('\n');
}

function entryLines({ name, summary, params }: Declaration, indent: number, areSet: boolean): string[] {
  const properties = areSet ? Object.entries(params.properties) : [];
  const texts = [summary, ...properties.map(([key, schema]) => parameter(key, schema))];
  const lines = texts.flatMap((text) => wrap(text, columns - indent));
  return lines.map((line, i) => (i === 0 ? name : '').padEnd(indent) + line);
}

/** `width: a number from 0.05 to 2, by default 1. Multiplies the number of channels.` */
function parameter(key: string, schema: object): string {
  const { default: standard, description } = schema as { default?: unknown; description?: string };
  const otherwise = standard === undefined ? '' : `, by default ${JSON.stringify(standard)}`;
  return `${key}: ${expected(schema)}${otherwise}. ${description ?? ''}`.trimEnd();
}

/** Breaks a text at spaces into lines of at most `width` characters, where its words allow it. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
