import { mixturesTable, noisesTable } from './accuracy.js';
import { parametersTable, samplesTable } from './overhead.js';
import type { PaperNumber, PaperTable, Run } from './table.js';

const makers: Readonly<Record<PaperNumber, (runs: readonly Run[]) => PaperTable | undefined>> = {
  1: noisesTable,
  2: mixturesTable,
  3: samplesTable,
  4: parametersTable,
};

/** The tables of these numbers, as far as the runs have something for them. */
export function paperTables(runs: readonly Run[], numbers: readonly PaperNumber[]): PaperTable[] {
  return numbers.map((number) => makers[number](runs)).filter((table) => table !== undefined);
}
