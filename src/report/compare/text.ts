import { measures, type Measure } from '../accuracy.js';
import { nothing, percent, points, pointsInterval } from '../console/format.js';
import { wrap, type View } from '../console/grid.js';
import { mark } from '../console/paper-sections.js';
import { sectionText, type Section } from '../console/section.js';
import { isEstimate } from './change.js';
import type { Comparison, FigureDifference } from './compare.js';
import type { TableName } from './figures.js';
import { valueText } from './value-text.js';

export interface Counts {
  readonly figures: number;
  readonly differing: number;
  /** Accuracies whose difference has an interval that leaves 0 out. */
  readonly resolved: number;
}

export function countsOf({ figures, differences }: Comparison): Counts {
  return {
    figures: Object.values(figures).reduce((sum, n) => sum + n, 0),
    differing: differences.length,
    resolved: accuraciesIn(differences).filter(isResolved).length,
  };
}

/**
 * The figures in which results A and B differ: of accuracies those that differ by more than chance, or all, and of
 * each table how many. No line is longer than the view but those that `isAll` adds; no line break at the end.
 * @param isAll also what differs by no more than chance, and each figure of both that is no accuracy
 */
export function comparisonText({ figures, differences }: Comparison, view: View, isAll: boolean): string {
  if (differences.length === 0) return 'Figures that differ: none';
  const both = differences.filter(({ a, b }) => a !== undefined && b !== undefined);
  const shown = accuraciesIn(both).filter((one) => isAll || isResolved(one));
  const tables = Object.entries(figures) as [TableName, number][];
  const overview: Section = {
    title: 'Figures that differ',
    grid: {
      rowKind: 'table',
      columnKind: '',
      rows: tables.map(([full]) => ({ full })),
      columns: [{ full: 'differ' }, { full: 'of' }],
      cells: tables.map(([table, count]) => [
        String(differences.filter((one) => one.table === table).length),
        String(count),
      ]),
      canTurn: false,
    },
    notes: [],
  };
  const sections = measures.flatMap((measure) => accuracySection(measure, shown) ?? []);
  const others = both.filter((one) => !shown.includes(one));
  return [
    ...sections.map((section) => sectionText(section, view)),
    ...(shown.length > 0 ? [notes.map((note) => wrap(note, view.columns)).join('\n')] : []),
    ...oneSided(differences).map((line) => wrap(line, view.columns).trimStart()),
    ...(isAll && others.length > 0 ? [['Other figures, A -> B', ...others.map(otherLine)].join('\n')] : []),
    sectionText(overview, view),
  ].join('\n\n');
}

const notes = [
  `${mark}: by more than chance, the 95 % interval of the difference leaves 0 out. It is made from the intervals of ` +
    'both as if they were independent, which is rather too wide where they share test images',
  'an interval tells of the draw of test images, not of that of failures and training',
];

/** Methods that only one of the results has, with their environments there. */
function oneSided(differences: readonly FigureDifference[]): string[] {
  return (['a', 'b'] as const).flatMap((side) => {
    const alone = differences.filter(
      // One figure stands for its row.
      ({ table, name, a, b }) =>
        table === 'accuracy' && name === 'environments' && (side === 'a' ? b : a) === undefined,
    );
    const methods = [...new Set(alone.map(({ row }) => row[0]!))].map((method) => {
      const scopes = alone.filter(({ row }) => row[0] === method).map(({ row }) => row[1]!);
      return `${method} (${scopes.join(', ')})`;
    });
    return methods.length === 0 ? [] : [`Only in ${side.toUpperCase()}: ${methods.join(', ')}`];
  });
}

function otherLine({ table, row, name, a, b }: FigureDifference): string {
  return `  ${[table, ...row, name].join(', ')}: ${valueText(a)} -> ${valueText(b)}`;
}

const measureTexts: Readonly<Record<Measure, string>> = {
  heldOut: 'Accuracy on the held-out failures D_s',
  rightKept: 'Share of rightly classified noisy samples that stay right',
  noisy: 'Accuracy on noisy samples',
  clean: 'Accuracy on clean samples',
  combined: 'Accuracy on noisy and clean samples pooled',
};

function accuracySection(measure: Measure, all: readonly FigureDifference[]): Section | undefined {
  const shown = all.filter(({ name }) => name === measure);
  if (shown.length === 0) return undefined;
  return {
    title: `${measureTexts[measure]}, per cent`,
    grid: {
      rowKind: 'method',
      columnKind: '',
      rows: shown.map(({ row }) => ({ full: row[0]! })),
      columns: [
        { full: 'environment', align: 'left' },
        { full: 'A' },
        { full: 'B' },
        { full: 'B - A' },
        { full: '95 % interval' },
      ],
      cells: shown.map((one) => [
        one.row[1]!,
        meanText(one.a),
        meanText(one.b),
        (isResolved(one) ? mark : '') + points(one.change?.mean),
        pointsInterval(one.change ?? {}),
      ]),
      canTurn: false,
      isGrouped: true,
    },
    notes: [],
  };
}

function meanText(value: FigureDifference['a']): string {
  return isEstimate(value) ? percent(value.mean) : nothing;
}

function accuraciesIn(differences: readonly FigureDifference[]): FigureDifference[] {
  return differences.filter(
    ({ table, name }) => table === 'accuracy' && measures.some((measure) => measure === name),
  );
}

function isResolved({ change }: FigureDifference): boolean {
  return change !== undefined && change.verdict !== 'unresolved';
}
