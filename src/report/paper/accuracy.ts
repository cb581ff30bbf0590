import type { ReportTables } from '../build.js';
import { count, scopeHeading } from '../console/format.js';
import type { Heading } from '../console/grid.js';
import { methodNotes, repeatsNote, searchNote, seenNote, shiftNote, syntheticNote } from '../notes.js';
import type { Scope } from '../scopes.js';
import { notesOf, percentCell, type PaperRow, type PaperTable, type Run } from './table.js';

/** A mixture of more noises than this is not written out: it is all of them, or nearly. */
const mostListed = 8;

const whatDsIs = 'D_s holds what the deployed network gets wrong, so the original scores 0 there';

/** Table 1: accuracy on D_s, methods by single noises and their averages. @returns undefined without single noises */
export function noisesTable(runs: readonly Run[]): PaperTable | undefined {
  const scopes = scopesOfAll(runs, ({ kind }) => kind === 'noise' || kind === 'average').toSorted(
    (a, b) => Number(a.kind === 'average') - Number(b.kind === 'average'),
  );
  if (scopes.length === 0) return undefined;
  return {
    number: '1',
    title: 'Table 1. Accuracy on the held-out failures D_s, per cent',
    columns: scopes.map(scopeHeading),
    ...accuracyOf(runs, scopes),
    notes: [
      ...notesOf(runs, syntheticNote),
      whatDsIs,
      ...notesOf(
        runs,
        (tables) => [sizesNote(tables, scopes)],
        seenNote,
        (tables) => [repeatsNote(tables)],
        searchNote,
        methodNotes,
      ),
    ],
  };
}

/**
 * Table 2: accuracy on D_s in mixtures, from the most noises to the fewest, then in environments whose D_u is unlike what
 * comes later. @returns undefined without any
 */
export function mixturesTable(runs: readonly Run[]): PaperTable | undefined {
  const environments = new Map(
    runs.flatMap(({ tables }) => tables.environments.map((one) => [one.name, one])),
  );
  const sizeOf = (scope: Scope): number => environments.get(scope.name)!.noises.length;
  const mixtures = scopesOfAll(runs, (scope) => scope.kind === 'mixture').toSorted(
    (a, b) => sizeOf(b) - sizeOf(a),
  );
  const shifts = scopesOfAll(runs, (scope) => scope.kind === 'shift');
  const scopes = [...mixtures, ...shifts];
  if (scopes.length === 0) return undefined;
  const seen = '* holds a noise that the defaults were chosen with an eye on';
  const kinds = [
    ...(mixtures.length > 0 ? ['in mixtures of noises'] : []),
    ...(shifts.length > 0 ? ['with another D_u'] : []),
  ];
  return {
    number: '2',
    title: `Table 2. Accuracy on the held-out failures D_s ${kinds.join(' and ')}, per cent`,
    columns: [
      ...mixtures.map((scope): Heading => ({ full: `${scopeHeading(scope).full} (${sizeOf(scope)})` })),
      ...shifts.map(scopeHeading),
    ],
    ...accuracyOf(runs, scopes),
    notes: [
      ...notesOf(runs, syntheticNote),
      whatDsIs,
      ...notesOf(runs, (tables) => [sizesNote(tables, scopes)]),
      ...(mixtures.length > 0
        ? ['in brackets: how many noises are mixed, each image getting one of them']
        : []),
      ...mixtures
        .filter((scope) => sizeOf(scope) <= mostListed)
        .map(({ name }) => `${name}: ${environments.get(name)!.noises.join(', ')}`),
      ...shifts.map(({ name }) => shiftNote(environments.get(name)!)),
      ...(scopes.some((scope) => scope.isSeen) ? [seen] : []),
      ...notesOf(runs, (tables) => [repeatsNote(tables)], searchNote, methodNotes),
    ],
  };
}

/** Scopes of all runs in the order in which they appear, each once. */
function scopesOfAll(runs: readonly Run[], isMeant: (scope: Scope) => boolean): Scope[] {
  const found = new Map<string, Scope>();
  for (const { tables } of runs)
    for (const scope of tables.scopes)
      if (isMeant(scope) && !found.has(scope.name)) found.set(scope.name, scope);
  return [...found.values()];
}

function accuracyOf(
  runs: readonly Run[],
  scopes: readonly Scope[],
): Pick<PaperTable, 'columnKind' | 'groups' | 'canTurn'> {
  const groups = runs.map(({ label, tables: { methods, accuracy } }) => {
    const rowOf = (method: string, scope: Scope) =>
      accuracy.find((row) => row.method === method && row.scope === scope.name);
    const shown = methods.filter(({ name }) => scopes.some((scope) => rowOf(name, scope)));
    const rows = shown.map(({ name }): PaperRow => ({
      name,
      cells: scopes.map((scope) => {
        const row = rowOf(name, scope);
        return percentCell(row?.heldOut, row?.best.includes('heldOut'));
      }),
    }));
    return { name: label, rows };
  });
  return { columnKind: 'environment', groups: groups.filter(({ rows }) => rows.length > 0), canTurn: true };
}

function sizesNote({ accuracy }: ReportTables, scopes: readonly Scope[]): string {
  const single = scopes.filter((scope) => scope.kind !== 'average').map((scope) => scope.name);
  const sizes = accuracy.flatMap((row) =>
    single.includes(row.scope) ? [Math.round(row.heldOutSamples)] : [],
  );
  const [fewest, most] = [Math.min(...sizes), Math.max(...sizes)];
  return `samples in D_s: ${count(fewest)}${most > fewest ? ` to ${count(most)}, by environment` : ''}`;
}
