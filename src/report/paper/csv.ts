import { accuracyCsv, mixtureRows, noiseRows } from '../tables/accuracy.js';
import { parametersCsv } from '../tables/parameters.js';
import { samplesCsv } from '../tables/samples.js';
import type { PaperNumber, Run } from './table.js';

const makers: Readonly<Record<PaperNumber, (run: Run) => string>> = {
  1: ({ label, tables }) => accuracyCsv(label, noiseRows(tables)),
  2: ({ label, tables }) => accuracyCsv(label, mixtureRows(tables)),
  3: ({ label, tables }) => samplesCsv(label, tables.samples),
  4: ({ label, tables }) => parametersCsv(label, tables.parameters),
};

/** A table of all runs as CSV: of one run the very bytes of its `table-N.csv`. */
export function paperCsv(runs: readonly Run[], number: PaperNumber): string {
  const texts = runs.map(makers[number]);
  const withoutHead = (text: string): string => text.slice(text.indexOf('\n') + 1);
  return texts.map((text, i) => (i === 0 ? text : withoutHead(text))).join('');
}
