import type { Manifest } from '../read-results.js';
import { fixed } from '../csv.js';
import { count } from '../console/format.js';
import { Markup, markup } from '../markup.js';

type StageRecord = Manifest['stages'][number];

/** The records at the end of the page, and the links of numbers to them. */
export interface Records {
  /**
   * A fragment link to the records of `evaluate/patchnas/fog`, or to those of `evaluate/patchnas` where there are none
   * of that environment; to the first of several places that is there, or to all.
   */
  readonly linkTo: (...places: readonly string[]) => string;
  readonly table: Markup;
}

export function recordsOf({ stages }: Manifest): Records {
  const groups = new Map<string, StageRecord[]>();
  for (const record of stages) {
    const group = groupOf(record.task);
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  const places = new Set([...groups.keys(), ...stages.map(({ task }) => placeOf(task))]);
  return {
    linkTo: (...wanted) => {
      const found = wanted.flatMap((place) => [place, groupOf(place)]).find((place) => places.has(place));
      return found === undefined ? '#records' : `#${anchor(found)}`;
    },
    table: markup`<div class="scroll" role="region" aria-labelledby="records" tabindex="0"><table class="records"><thead><tr><th scope="col">task</th><th scope="col">key</th><th scope="col">finished</th><th scope="col" class="number">seconds</th><th scope="col" class="number">peak MB</th><th scope="col">outputs and their SHA-256</th></tr></thead>${[...groups].map(([group, records]) => body(group, records))}</table></div>`,
  };
}

/** What is made for one method stands by method, all others by stage. */
function groupOf(task: string): string {
  const [stage, method] = task.split('/');
  return ['baseline', 'add-on', 'evaluate'].includes(stage!) && method !== undefined
    ? `${stage!}/${method}`
    : stage!;
}

/** A task without its repeat and what follows. */
function placeOf(task: string): string {
  return task.replace(/\/r\d+(\/.*)?$/, '');
}

function anchor(place: string): string {
  return `record:${place}`;
}

function body(group: string, records: readonly StageRecord[]): Markup {
  const seen = new Set([group]);
  return markup`<tbody><tr><th scope="rowgroup" colspan="6" id="${anchor(group)}">${group}</th></tr>${records.map(
    (record) => {
      const place = placeOf(record.task);
      const isFirst = !seen.has(place);
      seen.add(place);
      return row(record, isFirst ? place : undefined);
    },
  )}</tbody>`;
}

function row(
  { task, key, finishedAt, wallMs, peakBytes, outputs }: StageRecord,
  place: string | undefined,
): Markup {
  const id = place === undefined ? undefined : markup` id="${anchor(place)}"`;
  const files = Object.entries(outputs);
  const digests = files.map(([file, sha256]) => markup`<li>${file} <code>${sha256}</code></li>`);
  return markup`<tr${id}><th scope="row">${task}</th><td><code title="${key}">${key.slice(0, 12)}</code></td><td><time datetime="${finishedAt}">${finishedAt.slice(0, 19).replace('T', ' ')}</time></td><td class="number">${fixed(wallMs / 1000, 1)}</td><td class="number">${count(Math.round(peakBytes / 1e6))}</td><td><details><summary>${files.length} file${files.length === 1 ? '' : 's'}</summary><ul>${digests}</ul></details></td></tr>`;
}
