import type { ReportTables } from './build.js';
import {
  classesSection,
  comparisonsSection,
  heldOutSection,
  measuresSection,
  severitySection,
} from './console/accuracy-sections.js';
import { gateSection, localisationSection } from './console/gate-sections.js';
import { heading, renderGrid, wrap, type View } from './console/grid.js';
import { parametersSection, samplesSection, timesSection } from './console/overhead-sections.js';
import { searchSection, spreadSection } from './console/search-section.js';
import type { Section } from './console/section.js';
import type { TimeRow } from './tables/times.js';

/** `summary`: what was repaired, by how much and at what cost. `full`: also by severity and class, and where from. */
export type Detail = 'summary' | 'full';

/**
 * The report as text for a terminal or a file: no line is longer than `view.columns` (80 and more), and without
 * `view.colour` there is no control code in it. Ends with a line break.
 * @param times of `timesCsv`; empty where they are not known
 */
export function reportText(
  tables: ReportTables,
  view: View,
  times: readonly TimeRow[] = [],
  detail: Detail = 'full',
): string {
  const { name, network, dataset, noiseOrigin } = tables.subject;
  const environments = tables.environments.length;
  const subject =
    `${name}: ${network} on ${dataset}, ${environments} environment${environments === 1 ? '' : 's'} ` +
    `(noise ${noiseOrigin}), ${tables.repeats} repeat${tables.repeats === 1 ? '' : 's'}`;
  const full = (more: () => (Section | undefined)[]): (Section | undefined)[] =>
    detail === 'full' ? more() : [];
  const sections = [
    heldOutSection(tables),
    measuresSection(tables),
    comparisonsSection(tables),
    ...full(() => [severitySection(tables), classesSection(tables)]),
    samplesSection(tables),
    parametersSection(tables),
    gateSection(tables),
    ...full(() => [localisationSection(tables)]),
    searchSection(tables),
    ...full(() => [spreadSection(tables)]),
    timesSection(times),
  ].filter((section) => section !== undefined);
  const methods = tables.methods.map((method) => wrap(`${method.name}: ${method.summary}`, view.columns));
  return [
    wrap(subject, view.columns).trimStart(),
    ...sections.map((section) => sectionText(section, view)),
    [heading('Methods', view.colour), ...methods].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

function sectionText({ title, grid, notes }: Section, view: View): string {
  return [
    heading(wrap(title, view.columns).trimStart(), view.colour),
    renderGrid(grid, view),
    ...notes.map((note) => wrap(note, view.columns)),
  ].join('\n');
}
