import { expect, test } from 'vitest';

import { latexTable } from '../../../../src/report/paper/latex.js';
import { markdownTable } from '../../../../src/report/paper/markdown.js';
import type { PaperTable } from '../../../../src/report/paper/table.js';

const table: PaperTable = {
  number: '3',
  title: 'Table 3. What D_e & D_t give',
  columnKind: '',
  columns: [{ full: '% of D_t' }, { full: 'a|b*' }],
  groups: [
    {
      name: 'net (results/my_run#1~{x}^2\\y)',
      rows: [{ name: 'a_b', cells: [{ text: '1.00' }, undefined] }],
    },
    { name: 'other', rows: [{ name: 'c', cells: [{ text: '2.00', sd: '0.10', isBest: true }, undefined] }] },
  ],
  notes: ['* 5 < 6 "or" ±'],
  canTurn: false,
};

test('nothing of a name or note has a meaning to LaTeX', () => {
  const lines = latexTable(table).split('\n');
  expect(lines).toContain('\\caption{What $D_e$ \\& $D_t$ give}');
  expect(lines).toContain('method & \\% of $D_t$ & a|b* \\\\');
  expect(lines).toContain(
    '\\multicolumn{3}{l}{\\textit{net (results/my\\_run\\#1\\textasciitilde{}\\{x\\}\\textasciicircum{}2\\textbackslash{}y)}} \\\\',
  );
  expect(lines).toContain('a\\_b & 1.00 & \\\\');
  expect(lines).toContain('c & \\textbf{2.00} {\\scriptsize$\\pm$0.10} & \\\\');
  expect(lines).toContain("* 5 $<$ 6 ''or'' $\\pm$\\par");
});

test('nor to Markdown', () => {
  const lines = markdownTable(table).split('\n');
  expect(lines).toContain('| network | method | % of D_t | a\\|b\\* |');
  expect(lines).toContain('| net (results/my_run#1~{x}^2\\\\y) | a_b | 1.00 |  |');
  expect(lines).toContain('| other | c | **2.00** ±0.10 |  |');
  expect(lines).toContain('- \\* 5 \\< 6 "or" ±');
});
