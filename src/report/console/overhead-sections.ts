import type { ReportTables } from '../build.js';
import { searchNote } from '../notes.js';
import { mean } from '../statistics.js';
import type { TimeRow } from '../tables/times.js';
import { fixed } from '../csv.js';
import { count, nothing, percentSpread } from './format.js';
import { mainScope, scopeText, type Section } from './section.js';

/** Table 3, in the main scope. */
export function samplesSection(tables: ReportTables): Section {
  const scope = mainScope(tables);
  const rows = tables.samples.filter((row) => row.scope === scope.name);
  return {
    title: `Table 3. Samples used to repair, ${scopeText(scope)}`,
    grid: {
      rowKind: 'method',
      columnKind: '',
      rows: rows.map((row) => ({ full: row.method })),
      columns: ['of D_e', 'of D_t', '% of D_t', 'together', '% of D_t + D_e'].map((full) => ({ full })),
      cells: rows.map((row) => [
        count(row.failures.mean),
        count(row.triggered.mean),
        percentSpread(row.shareOfTrainingSet),
        count(row.used.mean),
        percentSpread(row.shareOfAll),
      ]),
      canTurn: false,
    },
    notes: ["the paper's percentage is the last column"],
  };
}

/** Table 4, in the main scope. */
export function parametersSection(tables: ReportTables): Section {
  const scope = mainScope(tables);
  const rows = tables.parameters.filter((row) => row.scope === scope.name);
  const varying = rows.filter((row) => row.patch.smallest !== row.patch.largest);
  return {
    title: `Table 4. Parameters, ${scopeText(scope)}`,
    grid: {
      rowKind: 'method',
      columnKind: '',
      rows: rows.map((row) => ({ full: row.method })),
      columns: ['original', 'probes+gate', 'patch', 'overhead %', 'buffers'].map((full) => ({ full })),
      cells: rows.map((row) => [
        count(row.original),
        count(row.probesAndGate),
        count(row.patch.mean),
        percentSpread(row.overhead),
        count(row.buffers.mean),
      ]),
      canTurn: false,
    },
    notes: [
      'overhead: parameters to send to the deployed network, of those of the original; buffers (running statistics) apart',
      ...varying.map(
        (row) => `patch of ${row.method}: ${count(row.patch.smallest)} to ${count(row.patch.largest)}`,
      ),
      ...searchNote(tables),
    ],
  };
}

/** Figure 5: seconds per repair, averaged over environments and repeats. @returns undefined without times */
export function timesSection(times: readonly TimeRow[]): Section | undefined {
  const methods = [...new Set(times.map((row) => row.method))];
  if (methods.length === 0) return undefined;
  const seconds = (method: string, of: (row: TimeRow) => number): string => {
    const rows = times.filter((row) => row.method === method);
    const value = mean(rows.map(of));
    return value === undefined ? nothing : fixed(value, 1);
  };
  const mark = (method: string): string =>
    times.some((row) => row.method === method && row.isSideBySide) ? ' †' : '';
  return {
    title: 'Time per repair, seconds',
    grid: {
      rowKind: 'method',
      columnKind: '',
      rows: methods.map((method) => ({ full: method + mark(method) })),
      columns: [{ full: 'repair' }, { full: 'prepared in advance' }],
      cells: methods.map((method) => [
        seconds(method, (row) => row.repairSeconds),
        seconds(method, (row) => row.preparedSeconds),
      ]),
      canTurn: false,
    },
    notes: [
      'repair: localize, gate and train, or the baseline. prepared in advance: probe and search',
      ...(times.some((row) => row.isSideBySide)
        ? ['† stages ran side by side, so each took longer than it would alone']
        : []),
    ],
  };
}
