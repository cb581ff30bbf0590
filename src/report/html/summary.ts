import type { ReportTables } from '../build.js';
import { count, percent, percentInterval } from '../console/format.js';
import { mainMethod, mainScope } from '../console/section.js';
import { markup, type Markup } from '../markup.js';
import { searchNote, repeatsNote, syntheticNote, unpairedNote } from '../notes.js';
import type { AccuracyRow } from '../tables/accuracy.js';
import type { ComparedMeasure } from '../tables/comparisons.js';
import type { Records } from './records.js';
import { notesOf } from './table.js';

/** The first screen: what was repaired and by how much, in words, then how it compares and what to beware of. */
export function summaryOf(tables: ReportTables, records: Records): Markup {
  const { name, network, dataset } = tables.subject;
  const scope = mainScope(tables);
  const method = mainMethod(tables);
  const row = tables.accuracy.find((each) => each.method === method && each.scope === scope.name);
  return markup`<header><p class="kind">patchnas report</p><h1>${name}</h1><p class="subject">${network} on ${dataset}, repaired for ${environmentsText(tables)}</p>${syntheticNote(
    tables,
  ).map((note) => markup`<p class="subject"><strong>${note}.</strong></p>`)}${
    row
      ? repairText(tables, row, records)
      : markup`<p class="lead">No repair was run here, only controls: the tables tell what each of them does.</p>`
  }${notesOf(cautions(tables))}</header>`;
}

/** "3 noises: fog, snow and frost", or their number where the list would be long. */
function environmentsText({ environments }: ReportTables): string {
  const plain = environments.filter(({ unlabeled }) => unlabeled === undefined);
  const single = plain.filter(({ noises }) => noises.length === 1).map((one) => one.name);
  const mixtures = plain.length - single.length;
  const shifts = environments.length - plain.length;
  const noises = single.length === 0 ? '' : single.length <= 4 ? list(single) : `${single.length} noises`;
  const mixed = mixtures === 0 ? '' : `${mixtures} mixture${mixtures === 1 ? '' : 's'} of noises`;
  const shifted = shifts === 0 ? '' : `${shifts} environment${shifts === 1 ? '' : 's'} with another D_u`;
  return [noises, mixed, shifted].filter(Boolean).join(' and ');
}

function repairText(tables: ReportTables, row: AccuracyRow, records: Records): Markup {
  const number = (text: string): Markup =>
    markup`<a href="${records.linkTo(`evaluate/${row.method}${row.environments === 1 ? `/${row.scope}` : ''}`)}">${text}</a>`;
  const share = (value: number | undefined, decimals = 2): Markup => number(perCent(value, decimals));
  const held = row.heldOut?.mean;
  const parameters = tables.parameters.find((each) => each.method === row.method && each.scope === row.scope);
  const average = row.environments > 1 ? `, on average over ${row.environments} noises` : '';
  return markup`<p class="lead">${row.method} now gets ${share(held, 1)} of the failures right that it had never seen${fractionText(held)}${average}. Accuracy on clean images ${cleanText(row, share)}.</p>
<dl class="facts">
<div><dt>Held-out failures repaired</dt><dd>${share(held)}</dd><dd class="detail">95&nbsp;% interval ${number(percentInterval(row.heldOut ?? {}, 1))}; of ${number(count(Math.round(row.heldOutSamples)))} noisy images that the network got wrong</dd></div>
<div><dt>Noisy images answered rightly</dt><dd>${share(row.noisy?.mean)}</dd><dd class="detail">before the repair ${share(row.noisyBefore?.mean)}</dd></div>
<div><dt>Clean images answered rightly</dt><dd>${share(row.clean?.mean)}</dd><dd class="detail">before the repair ${share(row.cleanBefore?.mean)}</dd></div>
${parameters ? markup`<div><dt>Parameters added</dt><dd>${number(perCent(parameters.overhead.mean, 1))}</dd><dd class="detail">${number(count(Math.round(parameters.transferred.mean)))} beside its own ${number(count(parameters.original))}</dd></div>` : undefined}
</dl>
${comparisonText(tables, row)}`;
}

/** A number stays in a line with its sign. */
function perCent(value: number | undefined, decimals = 2): string {
  return `${percent(value, decimals)}\u00a0%`;
}

/** ", about one in six": where the share is near enough to such a fraction. */
function fractionText(share: number | undefined): string {
  const words = ['two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
  const nearest = words.findIndex((_, i) => Math.abs((share ?? 0) - 1 / (i + 2)) <= 0.012);
  return nearest === -1 ? '' : `, about one in ${words[nearest]!}`;
}

function cleanText(
  row: AccuracyRow,
  share: (value: number | undefined, decimals?: number) => Markup,
): Markup {
  const [before, after] = [perCent(row.cleanBefore?.mean, 1), perCent(row.clean?.mean, 1)];
  if (before === after) return markup`stays at ${share(row.clean?.mean, 1)}`;
  return markup`goes from ${share(row.cleanBefore?.mean, 1)} to ${share(row.clean?.mean, 1)}`;
}

const measureTexts: Partial<Record<ComparedMeasure, string>> = {
  heldOut: 'On the held-out failures',
  combined: 'On noisy and clean images together',
};

/** What the paired comparisons say, for each measure: of this method, and which of all is the best. */
function comparisonText({ comparisons, accuracy }: ReportTables, { method, scope }: AccuracyRow): Markup {
  const sentences = (Object.keys(measureTexts) as ComparedMeasure[]).flatMap((measure) => {
    const rows = comparisons.filter(
      (row) => row.method === method && row.scope === scope && row.measure === measure,
    );
    const others = (verdict: string): string[] =>
      rows.filter((row) => row.verdict === verdict).map((row) => row.other);
    const parts = [
      [others('won'), 'it is better than'],
      [others('lost'), 'it is worse than'],
      [others('unresolved'), 'no difference shows between it and'],
    ] as const;
    const said = parts.filter(([names]) => names.length > 0).map(([names, text]) => `${text} ${list(names)}`);
    const best = accuracy.find((row) => row.scope === scope && row.best.includes(measure));
    const bestText =
      best === undefined || best.method === method
        ? ''
        : ` ${best.method} is better than every other method there, with ${perCent(best[measure]?.mean)}.`;
    return said.length === 0 ? [] : [markup`<p>${measureTexts[measure]} ${said.join('; ')}.${bestText}</p>`];
  });
  return markup`${sentences}`;
}

/** What a reader must know before believing any number. */
function cautions(tables: ReportTables): string[] {
  const scope = mainScope(tables);
  return [
    ...searchNote(tables).map((note) => `${note}: there the choice of the patch's structure is a lottery`),
    ...(scope.isSeen ? ['the defaults of the method were chosen with an eye on some of these noises'] : []),
    repeatsNote(tables),
    ...unpairedNote(tables),
  ];
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
