/** Small charts of the same kind, one an environment, in rows of at most four. */
export interface Facets {
  readonly columns: number;
  readonly rows: number;
  /** Width of a small chart, in pixels, with the gap to the next. */
  readonly side: number;
  /** Column and row of an environment, as channels of a mark. */
  readonly placeOf: (environment: string) => { readonly fx: number; readonly fy: number };
  /** A title of each small chart, as rows of a text mark. */
  readonly titles: readonly { readonly title: string; readonly fx: number; readonly fy: number }[];
}

const mostColumns = 4;
const sides = [240, 240, 190, 144] as const;

export function facetsOf(environments: readonly string[]): Facets {
  const columns = Math.min(mostColumns, environments.length);
  const placeOf = (environment: string): { fx: number; fy: number } => {
    const index = environments.indexOf(environment);
    return { fx: index % columns, fy: Math.floor(index / columns) };
  };
  return {
    columns,
    rows: Math.ceil(environments.length / columns),
    side: sides[columns - 1]!,
    placeOf,
    titles: environments.map((title) => ({ title, ...placeOf(title) })),
  };
}

/** Options of a chart that all small charts share: `fx` and `fy` only place them. */
export function facetScales({ columns, rows }: Facets): {
  readonly fx: object;
  readonly fy: object;
} {
  const axis = { axis: null, paddingInner: 0.14 } as const;
  return {
    fx: { ...axis, domain: range(columns) },
    fy: { ...axis, domain: range(rows), paddingInner: 0.24 },
  };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}
