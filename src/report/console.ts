import type { ReportTables } from './build.js';
import {
  classesSection,
  comparisonsSection,
  measuresSection,
  severitySection,
} from './console/accuracy-sections.js';
import { gateSection, localisationSection } from './console/gate-sections.js';
import { heading, wrap, type View } from './console/grid.js';
import { timesSection } from './console/overhead-sections.js';
import { paperSections } from './console/paper-sections.js';
import { searchSection, spreadSection } from './console/search-section.js';
import { sectionText, type Section } from './console/section.js';
import { syntheticNote } from './notes.js';
import { paperTables } from './paper/index.js';
import type { PaperNumber } from './paper/table.js';
import type { TimeRow } from './tables/times.js';

/** `summary`: what was repaired, by how much and at what cost. `full`: also by severity and class, and where from. */
export type Detail = 'summary' | 'full';

const origins: Readonly<Record<ReportTables['subject']['noiseOrigin'], string>> = {
  generated: 'noise generated',
  imported: 'noise imported',
  unpaired: 'noise imported, unpaired',
};

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
    `(${origins[noiseOrigin]}), ${tables.repeats} repeat${tables.repeats === 1 ? '' : 's'}`;
  const full = (more: () => (Section | undefined)[]): (Section | undefined)[] =>
    detail === 'full' ? more() : [];
  const paper = (...numbers: readonly PaperNumber[]): Section[] =>
    paperTables([{ label: network, tables }], numbers).flatMap(paperSections);
  const sections = [
    ...paper('1', '2'),
    measuresSection(tables),
    comparisonsSection(tables),
    ...full(() => [severitySection(tables), classesSection(tables)]),
    ...paper('3', '4'),
    gateSection(tables),
    ...full(() => [localisationSection(tables)]),
    searchSection(tables),
    ...full(() => [spreadSection(tables)]),
    timesSection(times),
  ].filter((section) => section !== undefined);
  const methods = tables.methods.map((method) => wrap(`${method.name}: ${method.summary}`, view.columns));
  return [
    [subject, ...syntheticNote(tables)].map((line) => wrap(line, view.columns).trimStart()).join('\n'),
    ...sections.map((section) => sectionText(section, view)),
    [heading('Methods', view.colour), ...methods].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}
