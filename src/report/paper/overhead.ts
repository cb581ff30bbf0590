import type { ReportTables } from '../build.js';
import { mainScope, scopeText } from '../console/section.js';
import { count } from '../console/format.js';
import { searchNote, syntheticNote } from '../notes.js';
import { notesOf, percentCell, type Cell, type PaperTable, type Run } from './table.js';

/** Table 3: samples that the repairs used, in the main scope of each run. */
export function samplesTable(runs: readonly Run[]): PaperTable {
  return {
    number: '3',
    columns: ['of D_e', 'of D_t', '% of D_t', 'together', '% of D_t + D_e'].map((full) => ({ full })),
    ...overheadOf(runs, 'Table 3. Samples used to repair', ({ tables }, scope) =>
      tables.samples
        .filter((row) => row.scope === scope)
        .map((row) => ({
          name: row.method,
          cells: [
            countCell(row.failures.mean),
            countCell(row.triggered.mean),
            percentCell(row.shareOfTrainingSet),
            countCell(row.used.mean),
            percentCell(row.shareOfAll),
          ],
        })),
    ),
    notes: [...notesOf(runs, syntheticNote), "the paper's percentage is the last column"],
  };
}

/** Table 4: parameters that the repairs add, in the main scope of each run. */
export function parametersTable(runs: readonly Run[]): PaperTable {
  return {
    number: '4',
    columns: ['original', 'probes+gate', 'patch', 'overhead %', 'buffers'].map((full) => ({ full })),
    ...overheadOf(runs, 'Table 4. Parameters', ({ tables }, scope) =>
      tables.parameters
        .filter((row) => row.scope === scope)
        .map((row) => ({
          name: row.method,
          cells: [
            countCell(row.original),
            countCell(row.probesAndGate),
            countCell(row.patch.mean),
            percentCell(row.overhead),
            countCell(row.buffers.mean),
          ],
        })),
    ),
    notes: [
      ...notesOf(runs, syntheticNote),
      'overhead: parameters to send to the deployed network, of those of the original; buffers (running statistics) apart',
      ...notesOf(runs, sizesNotes, searchNote),
    ],
  };
}

/** The scope stands in the title where all runs have the same, else with each network. */
function overheadOf(
  runs: readonly Run[],
  title: string,
  rowsOf: (run: Run, scope: string) => PaperTable['groups'][number]['rows'],
): Pick<PaperTable, 'title' | 'columnKind' | 'groups' | 'canTurn'> {
  const texts = runs.map(({ tables }) => scopeText(mainScope(tables)));
  const isShared = texts.every((text) => text === texts[0]);
  return {
    title: isShared ? `${title}, ${texts[0]}` : title,
    columnKind: '',
    groups: runs.map((run, i) => ({
      name: isShared ? run.label : `${run.label}, ${texts[i]}`,
      rows: rowsOf(run, mainScope(run.tables).name),
    })),
    canTurn: false,
  };
}

function sizesNotes(tables: ReportTables): string[] {
  return tables.parameters
    .filter((row) => row.scope === mainScope(tables).name && row.patch.smallest !== row.patch.largest)
    .map((row) => `patch of ${row.method}: ${count(row.patch.smallest)} to ${count(row.patch.largest)}`);
}

function countCell(value: number): Cell {
  return { text: count(value) };
}
