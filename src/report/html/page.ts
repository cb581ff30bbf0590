import {
  classesSection,
  comparisonsSection,
  measuresSection,
  severitySection,
} from '../console/accuracy-sections.js';
import { gateSection, localisationSection } from '../console/gate-sections.js';
import { timesSection } from '../console/overhead-sections.js';
import { paperSections } from '../console/paper-sections.js';
import { searchSection, spreadSection } from '../console/search-section.js';
import { mainMethod, type Section } from '../console/section.js';
import { markup, Markup } from '../markup.js';
import { paperTables } from '../paper/index.js';
import type { PaperNumber } from '../paper/table.js';
import { manifestOf } from './manifest.js';
import { foldedPicture, pictureOf } from './picture.js';
import { recordsOf, type Records } from './records.js';
import type { ReportSources } from './sources.js';
import { style } from './style.js';
import { summaryOf } from './summary.js';
import { tableOf, type RecordOf } from './table.js';
import { wordsOf } from './words.js';

/** A chapter of the page. */
interface Chapter {
  readonly id: string;
  readonly title: string;
  readonly content: readonly Markup[];
}

/**
 * The whole report as one HTML file that loads nothing: no script, no font, no image from outside. What a person
 * needs stands first, the experiment and its records last.
 */
export function reportHtml(sources: ReportSources): string {
  const { tables } = sources;
  const records = recordsOf(sources.manifest);
  const chapters = chaptersOf(sources, records).filter((chapter) => chapter.content.length > 0);
  const links = chapters.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`);
  const body = chapters.map(
    ({ id, title, content }) =>
      markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>\n`,
  );
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<title>${tables.subject.name}: patchnas report</title>
<link rel="icon" href="data:,">
<style>${new Markup(style)}</style>
</head>
<body>
<a class="skip" href="#results">Skip to the results</a>
${summaryOf(tables, records)}
<nav aria-label="Contents"><ul>${links}</ul></nav>
<main>
${body}</main>
</body>
</html>
`;
  return page.text;
}

function chaptersOf(
  { tables, times, manifest, config, pictures }: ReportSources,
  records: Records,
): Chapter[] {
  const of =
    (stage: string, by: 'row' | 'both' | 'none' = 'row'): RecordOf =>
    (row, column) =>
      records.linkTo([stage, ...(by === 'none' ? [] : by === 'row' ? [row] : [row, column])].join('/'));
  const table = (section: Section | undefined, recordOf: RecordOf): Markup[] =>
    section ? [tableOf(section, recordOf)] : [];
  const paper = (recordOf: RecordOf, ...numbers: readonly PaperNumber[]): Markup[] =>
    paperTables([{ label: tables.subject.network, tables }], numbers)
      .flatMap(paperSections)
      .map((section) => tableOf(section, recordOf));
  const picture = (...names: readonly string[]): Markup[] =>
    names.flatMap((name) => (pictures[name] === undefined ? [] : [pictureOf(name, pictures[name])]));
  const folded = (data: string, nameOf: (environment: string) => string): Markup[] => {
    const found = tables.environments.flatMap(({ name }) => pictures[nameOf(name)] ?? []);
    if (found.length === 0) return [];
    return [
      ...found.map((svg, i) => foldedPicture(svg, i === 0)),
      markup`<p class="notes">Data: <code>figures/${data}.csv</code></p>`,
    ];
  };
  const main = mainMethod(tables) ?? '';
  return [
    {
      id: 'results',
      title: 'What the repair does',
      content: [
        ...paper(of('evaluate', 'both'), '1', '2'),
        ...table(measuresSection(tables), of('evaluate')),
        ...picture('figure-4'),
        ...table(comparisonsSection(tables), of('evaluate')),
      ],
    },
    {
      id: 'subgroups',
      title: 'By severity and class',
      content: [
        ...picture('severity'),
        ...table(severitySection(tables), of('evaluate')),
        ...table(classesSection(tables), of(`evaluate/${main}`, 'none')),
      ],
    },
    {
      id: 'images',
      title: 'Images before and after',
      content: folded('samples', (name) => `samples-${name}`),
    },
    {
      id: 'gate',
      title: 'The gate',
      content: [
        ...picture('figure-6'),
        ...table(gateSection(tables), of('gate')),
        ...picture('picks', 'fisher'),
        ...table(localisationSection(tables), of('gate')),
      ],
    },
    {
      id: 'environment',
      title: 'The environments as their models have them',
      content: [
        ...folded('environment-model', (name) => `environment-looks-${name}`),
        ...folded('environment-model', (name) => `environment-bands-${name}`),
      ],
    },
    {
      id: 'search',
      title: 'The search',
      content: [
        ...picture('search-scores'),
        ...table(searchSection(tables), of('search')),
        ...table(spreadSection(tables), of('search')),
        ...folded('cells', (name) => `cell-${name}-r0`),
      ],
    },
    {
      id: 'cost',
      title: 'What it costs',
      content: [
        ...paper(of('evaluate'), '3', '4'),
        ...picture('figure-5'),
        ...table(timesSection(times), (method) => records.linkTo(`baseline/${method}`, 'train')),
      ],
    },
    {
      id: 'training',
      title: 'Training',
      content: picture(
        'training-patch',
        'training-add-on',
        'training-baseline',
        'training-probes',
        'training-network',
      ),
    },
    { id: 'words', title: 'Methods and words', content: [wordsOf(tables)] },
    {
      id: 'experiment',
      title: 'The experiment',
      content: [
        markup`<p>This file makes the experiment again: <code>patchnas run resolved.yaml</code>.</p><pre role="region" aria-labelledby="experiment" tabindex="0"><code>${config}</code></pre>`,
      ],
    },
    { id: 'records', title: 'Records', content: [manifestOf(manifest), records.table] },
  ];
}
