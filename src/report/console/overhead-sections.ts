import { mean } from '../statistics.js';
import type { TimeRow } from '../tables/times.js';
import { fixed } from '../csv.js';
import { nothing } from './format.js';
import type { Section } from './section.js';

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
      ...(times.some((row) => row.stages['add-on'] !== undefined)
        ? ["with an add-on: the environment's gate and model, and the add-on"]
        : []),
      ...(times.some((row) => row.isSideBySide)
        ? ['† stages ran side by side, so each took longer than it would alone']
        : []),
    ],
  };
}
