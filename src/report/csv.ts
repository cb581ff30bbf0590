import { stringify } from 'csv-stringify/sync';

import type { Interval, Spread } from './statistics.js';

/** A column of a CSV file. Numbers have a fixed count of decimals and a full stop, whatever the locale. */
export interface CsvColumn<Row> {
  /** Full name in snake case, with its unit: `clean_accuracy_mean_percent`. */
  readonly name: string;
  readonly value: (row: Row) => string | number | boolean | undefined;
  /** Of numbers; 0 where it is left out. */
  readonly decimals?: number;
}

/** A header line and one line a row, ended by LF. What is missing is an empty cell; booleans are yes and no. */
export function csv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ value, decimals }) => cell(value(row), decimals ?? 0)));
  return stringify([columns.map((column) => column.name), ...cells], { record_delimiter: '\n' });
}

function cell(value: string | number | boolean | undefined, decimals: number): string {
  if (value === undefined) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : fixed(value, decimals);
}

/** A number with so many decimals; never "-0.00". */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 && text.startsWith('-') ? text.slice(1) : text;
}

/** Shares of 1 are written as per cent with this many decimals: 0.0001 % is finer than one sample in 500,000. */
export const percentDecimals = 4;

/** A share of 1 as a column in per cent. */
export function percentColumn<Row>(name: string, share: (row: Row) => number | undefined): CsvColumn<Row> {
  return { name: `${name}_percent`, value: (row) => times100(share(row)), decimals: percentDecimals };
}

/** Mean and standard deviation over repeats of a share of 1, in per cent. */
export function spreadColumns<Row>(name: string, figure: (row: Row) => Spread | undefined): CsvColumn<Row>[] {
  return [
    percentColumn(`${name}_mean`, (row) => figure(row)?.mean),
    percentColumn(`${name}_sd`, (row) => figure(row)?.sd),
  ];
}

/** Mean, standard deviation over repeats and 95 % interval of a share of 1, in per cent. */
export function estimateColumns<Row>(
  name: string,
  figure: (row: Row) => (Spread & Partial<Interval>) | undefined,
): CsvColumn<Row>[] {
  return [
    ...spreadColumns(name, figure),
    percentColumn(`${name}_low`, (row) => figure(row)?.low),
    percentColumn(`${name}_high`, (row) => figure(row)?.high),
  ];
}

function times100(share: number | undefined): number | undefined {
  return share === undefined ? undefined : share * 100;
}
