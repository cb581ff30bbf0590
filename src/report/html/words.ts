import type { ReportTables } from '../build.js';
import { markup, type Markup } from '../markup.js';

const words: readonly (readonly [string, string])[] = [
  ['D_t', 'the clean training images'],
  ['D_u', 'half of the noisy images; the search uses them without their labels'],
  ['D_e', 'labelled failures of the other half: all that a repair learns from'],
  ['D_s', 'the other failures, held out: what a repair is judged by'],
  ['environment', 'one kind of noise, or a mixture of several'],
  ['gate', 'decides for each image whether it goes through the patch, and at which stage of the network'],
  ['control', 'does nothing that should help, or something simpler: what the other methods must beat'],
  ['record', 'what a stage of the run left behind, under a key that holds everything it depends on'],
];

/** What the methods are, and what the words mean. */
export function wordsOf({ methods }: ReportTables): Markup {
  const entries = [
    ...methods.map(
      ({ name, summary, isControl }) => [name, isControl ? `control: ${summary}` : summary] as const,
    ),
    ...words,
  ];
  return markup`<dl class="words">${entries.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
}
