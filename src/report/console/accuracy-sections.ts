import type { ReportTables } from '../build.js';
import { bestNote, intervalNote, methodNotes, repeatsNote, searchNote, unpairedNote } from '../notes.js';
import { percentCell } from '../paper/table.js';
import type { Scope } from '../scopes.js';
import type { AccuracyRow } from '../tables/accuracy.js';
import type { ComparedMeasure, ComparisonRow } from '../tables/comparisons.js';
import { percent, percentSpread, points, pointsInterval } from './format.js';
import type { Heading } from './grid.js';
import { cellText, mark } from './paper-sections.js';
import { mainMethod, mainScope, scopeText, type Section } from './section.js';

/** The other measures of Table 1, in the main scope. */
export function measuresSection(tables: ReportTables): Section {
  const scope = mainScope(tables);
  const rows = tables.accuracy.filter((row) => row.scope === scope.name);
  const marked = (row: AccuracyRow, measure: ComparedMeasure): string =>
    cellText(percentCell(row[measure], row.best.includes(measure)));
  const columns: readonly (readonly [Heading, (row: AccuracyRow) => string])[] = [
    [{ full: 'held-out' }, (row) => marked(row, 'heldOut')],
    [{ full: 'ceiling' }, (row) => percentSpread(row.triggered)],
    [{ full: 'right kept' }, (row) => percentSpread(row.rightKept)],
    [{ full: 'noisy' }, (row) => marked(row, 'noisy')],
    [{ full: 'clean before' }, (row) => percentSpread(row.cleanBefore)],
    [{ full: 'clean after' }, (row) => marked(row, 'clean')],
    [{ full: 'combined' }, (row) => marked(row, 'combined')],
  ];
  return {
    title: `All accuracies, ${scopeText(scope)}, per cent`,
    grid: {
      rowKind: 'method',
      columnKind: 'measure',
      rows: rows.map((row) => ({ full: row.method })),
      columns: columns.map(([heading]) => heading),
      cells: rows.map((row) => columns.map(([, cell]) => cell(row))),
      canTurn: true,
    },
    notes: [
      'held-out: accuracy on D_s. ceiling: share of D_s that goes through the repaired part; no more can be mended',
      'right kept: rightly classified noisy samples that stay right. noisy: the labelled half less D_e',
      'combined: noisy and clean test samples pooled',
      ...(rows.some((row) => row.best.length > 0) ? [bestNote(mark)] : []),
      ...unpairedNote(tables),
      ...(scope.isSeen && scope.kind === 'average'
        ? ['the average holds noises that the defaults were chosen on']
        : []),
      repeatsNote(tables),
      ...searchNote(tables),
      ...methodNotes(tables),
    ],
  };
}

const measureTexts: Readonly<Record<ComparedMeasure, string>> = {
  heldOut: 'held-out',
  noisy: 'noisy',
  clean: 'clean',
  combined: 'combined',
};

/** The first method that is no control minus every other, in the main scope. @returns undefined with nothing to compare */
export function comparisonsSection(tables: ReportTables): Section | undefined {
  const scope = mainScope(tables);
  const method = mainMethod(tables);
  const rows = tables.comparisons.filter((row) => row.scope === scope.name && row.method === method);
  if (method === undefined || rows.length === 0) return undefined;
  const single = tables.scopes.filter((one) => one.kind !== 'average').map((one) => one.name);
  const others = new Set(tables.comparisons.map((row) => row.method)).size - 1;
  return {
    title: `${method} minus each other method, ${scopeText(scope)}, in points`,
    grid: {
      rowKind: 'minus',
      columnKind: '',
      rows: rows.map((row) => ({ full: row.other + partly(row, scope) })),
      columns: [
        { full: 'on', align: 'left' },
        { full: 'points' },
        { full: '95 % interval' },
        { full: 'verdict', align: 'left' },
        ...(single.length > 1 ? [{ full: 'w-l-u', align: 'left' as const }] : []),
      ],
      cells: rows.map((row) => [
        measureTexts[row.measure],
        points(row.difference.mean),
        pointsInterval(row.difference),
        row.verdict,
        ...(single.length > 1 ? [byEnvironment(tables.comparisons, row, single)] : []),
      ]),
      canTurn: false,
      isGrouped: true,
    },
    notes: [
      'won, lost: the interval leaves 0 out; unresolved: it does not',
      ...(single.length > 1 ? ['w-l-u: environments in which it is won, lost, unresolved'] : []),
      intervalNote(tables),
      ...(rows.some((row) => partly(row, scope) !== '')
        ? ['a fraction: the environments of the average that both were run in']
        : []),
      'each interval is for itself: about one in 20 misses the truth',
      ...(others > 0 ? ['comparisons.csv has the other methods and environments'] : []),
      ...searchNote(tables),
    ],
  };
}

/** " 4/15" where the average is not over all environments of the scope. */
function partly({ environments }: ComparisonRow, scope: Scope): string {
  const all = scope.environments.length;
  return environments < all ? ` ${environments}/${all}` : '';
}

function byEnvironment(
  all: readonly ComparisonRow[],
  { method, other, measure }: ComparisonRow,
  environments: readonly string[],
): string {
  const found = all.filter(
    (row) =>
      row.method === method &&
      row.other === other &&
      row.measure === measure &&
      environments.includes(row.scope),
  );
  const times = (verdict: string): number => found.filter((row) => row.verdict === verdict).length;
  return `${times('won')}-${times('lost')}-${times('unresolved')}`;
}

/** Accuracy on the noisy half by severity, in the main scope. @returns undefined with a single severity */
export function severitySection(tables: ReportTables): Section | undefined {
  const scope = mainScope(tables);
  const rows = tables.severity.filter((row) => row.scope === scope.name);
  const severities = [...new Set(rows.map((row) => row.group))];
  if (severities.length < 2) return undefined;
  const methods = [...new Set(rows.map((row) => row.method))];
  return {
    title: `Accuracy on the noisy half by severity, ${scopeText(scope)}, per cent`,
    grid: {
      rowKind: 'method',
      columnKind: 'severity',
      rows: methods.map((full) => ({ full })),
      columns: severities.map((full) => ({ full })),
      cells: methods.map((method) =>
        severities.map((severity) =>
          percentSpread(rows.find((row) => row.method === method && row.group === severity)?.noisy),
        ),
      ),
      canTurn: true,
    },
    notes: ['the labelled half less D_e; severity.csv has each environment', ...searchNote(tables)],
  };
}

/** What the first method that is no control does to each class, in the main scope. @returns undefined without one */
export function classesSection(tables: ReportTables): Section | undefined {
  const scope = mainScope(tables);
  const method = mainMethod(tables);
  const rows = tables.classes.filter((row) => row.scope === scope.name && row.method === method);
  if (rows.length === 0) return undefined;
  return {
    title: `${method} by class, ${scopeText(scope)}, per cent`,
    grid: {
      rowKind: 'class',
      columnKind: '',
      rows: rows.map((row) => ({ full: row.group })),
      columns: ['held-out', 'noisy was', 'noisy is', 'clean was', 'clean is', 'mended', 'broken'].map(
        (full) => ({ full }),
      ),
      cells: rows.map((row) => [
        percent(row.heldOut?.mean),
        percent(row.noisyBefore?.mean),
        percent(row.noisy?.mean),
        percent(row.cleanBefore?.mean),
        percent(row.clean?.mean),
        percent(row.mended / row.noisySamples),
        percent(row.broken / row.noisySamples),
      ]),
      canTurn: false,
    },
    notes: [
      'was, is: before and after the repair',
      'mended, broken: share of the noisy samples that turn from wrong to right, and from right to wrong',
      ...searchNote(tables),
    ],
  };
}
