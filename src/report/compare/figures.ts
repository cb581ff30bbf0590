import { canonicalJson, type Json } from '../../core/canonical-json.js';
import type { ReportTables } from '../build.js';

/** Fields that tell which row of a table a row is; its other fields are figures. */
const identities = {
  accuracy: ['method', 'scope'],
  comparisons: ['method', 'other', 'scope', 'measure'],
  samples: ['method', 'scope'],
  parameters: ['method', 'scope'],
  gate: ['environment', 'repeat'],
  search: ['environment', 'repeat'],
  severity: ['method', 'scope', 'group'],
  classes: ['method', 'scope', 'group'],
} as const satisfies Partial<Record<keyof ReportTables, readonly string[]>>;

export type TableName = keyof typeof identities;
export const tableNames = Object.keys(identities) as readonly TableName[];

/** One figure of the tables: a number, or what belongs together, such as a mean with its interval. */
export interface Figure {
  readonly table: TableName;
  /** The identity of its row: "patchnas", "fog". */
  readonly row: readonly string[];
  /** Its field, such as `heldOut`. */
  readonly name: string;
  readonly value: Json;
}

/**
 * Every figure of the tables by a name that is the same in other results.
 * @param scope only those of this environment
 */
export function figuresOf(tables: ReportTables, scope?: string): Map<string, Figure> {
  const figures = new Map<string, Figure>();
  for (const table of tableNames) {
    const identity: readonly string[] = identities[table];
    for (const fields of plain(tables[table])) {
      const row = identity.map((field) => text(fields[field]));
      if (scope !== undefined && (fields['scope'] ?? fields['environment']) !== scope) continue;
      for (const [name, value] of Object.entries(fields))
        if (!identity.includes(name))
          figures.set(canonicalJson([table, ...row, name]), { table, row, name, value });
    }
  }
  return figures;
}

/** Rows as they are after a way through a file: without what is undefined. */
function plain(rows: readonly object[]): readonly Readonly<Record<string, Json>>[] {
  return JSON.parse(JSON.stringify(rows)) as readonly Readonly<Record<string, Json>>[];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
