import type { Manifest } from '../read-results.js';
import { markup, type Markup } from '../markup.js';

/** How the run came about, and where its records are. */
export function manifestOf({ command, seed, patchnas, node, engine, dataset, files }: Manifest): Markup {
  const engineText = Object.entries(engine)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
  const facts: readonly (readonly [string, Markup])[] = [
    ['command', markup`<code>${command}</code>`],
    ['seed', markup`${seed}`],
    ['versions', markup`patchnas ${patchnas}, Node ${node}`],
    ['engine', markup`${engineText}`],
    ['data set', markup`<code>${dataset}</code>`],
    ...files.map((digest) => ['file from outside', markup`<code>${digest}</code>`] as const),
  ];
  return markup`<dl class="words">${facts.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl><p>Each line is a stage of the run. Its whole record lies in the store, under its key.</p>`;
}
