import type { View } from '../console/grid.js';
import { paperText } from '../console/paper-sections.js';
import { paperCsv } from './csv.js';
import { paperTables } from './index.js';
import { latexTable } from './latex.js';
import { markdownTable } from './markdown.js';
import type { PaperNumber, PaperTable, Run } from './table.js';

export const paperFormats = ['console', 'csv', 'latex', 'markdown'] as const;
export type PaperFormat = (typeof paperFormats)[number];

/**
 * Tables in one of the forms; of CSV the first number only. Only the form for the console looks at the view.
 * @returns ends with a line break; empty where the runs have nothing for these tables
 */
export function formatTables(
  runs: readonly Run[],
  numbers: readonly PaperNumber[],
  format: PaperFormat,
  view: View,
): string {
  const tables = paperTables(runs, numbers);
  const all = (form: (table: PaperTable) => string): string => tables.map(form).join('\n');
  switch (format) {
    case 'csv':
      return tables.length > 0 ? paperCsv(runs, numbers[0]!) : '';
    case 'console':
      return all((table) => paperText(table, view));
    case 'latex':
      return all(latexTable);
    case 'markdown':
      return all(markdownTable);
  }
}
