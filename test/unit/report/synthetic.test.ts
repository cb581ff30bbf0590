import { describe, expect, it } from 'vitest';

import {
  adviceText,
  buildReport,
  formatTables,
  paperFormats,
  paperNumbers,
  reportHtml,
  reportText,
  runsOf,
  timesCsv,
} from '../../../src/report/index.js';
import { figureFiles, timesFigureFiles } from '../../../src/report/figures/index.js';
import { figureData } from '../../golden/report/figure-data.js';
import { reportSources } from '../../golden/report/report-sources.js';
import { few, nineteen, sample } from '../../golden/report/sample.js';

const made = sample({
  environments: nineteen,
  behaviours: few,
  repeats: 1,
  images: 20,
  classes: 2,
  isTrained: true,
});
const network = 'mobilenet-v2 (SYNTHETIC images)';
const dataset = 'tiny-imagenet-synthetic';
const input = { ...made, subject: { ...made.subject, network, dataset, isSynthetic: true } };
const { tables, files } = buildReport(input);
const view = { columns: 200, colour: false };
const note =
  'SYNTHETIC: the images of tiny-imagenet-synthetic are drawings made from a seed; these figures mean nothing';

describe('results of drawings say so', () => {
  it('in every row of every CSV file', async () => {
    const all = {
      ...files,
      ...(await figureFiles(figureData(input))),
      ...(await timesFigureFiles(network, input.times)),
      'times.csv': timesCsv(network, input.times),
    };
    const csv = Object.entries(all).filter(([name]) => name.endsWith('.csv'));
    expect(csv.length).toBeGreaterThan(15);
    for (const [name, text] of csv) {
      const rows = text.trimEnd().split('\n').slice(1);
      expect(rows.length, name).toBeGreaterThan(0);
      expect(
        rows.filter((row) => !row.startsWith(`${network},`)),
        name,
      ).toEqual([]);
    }
  });

  it.each(paperFormats.filter((format) => format !== 'csv'))('below every table as %s', (format) => {
    const text = formatTables(runsOf([{ dir: 'results/a', tables }]), paperNumbers, format, view);
    expect(text.split(note)).toHaveLength(1 + paperNumbers.length);
  });

  it('beside true ones in a table by the name of the network too', () => {
    const runs = runsOf([
      { dir: 'results/a', tables },
      { dir: 'results/b', tables: buildReport(made).tables },
    ]);
    const text = formatTables(runs, ['3'], 'markdown', view);
    expect(text).toContain(`- ${network}: ${note}\n`);
    expect(text).toContain(`| ${network} | patchnas |`);
  });

  it('on the screen in the second line, on the page before any figure, and where a method is advised', async () => {
    expect(reportText(tables, view, [], 'summary').split('\n').slice(0, 2)).toEqual([
      `sample: ${network} on ${dataset}, 19 environments (noise generated), 1 repeat`,
      note,
    ]);
    const page = reportHtml({ ...(await reportSources(input, figureData(input))), tables });
    const [header] = page.split('<p class="lead">');
    expect(header).toContain(`<strong>${note}.</strong>`);
    expect(adviceText(tables, input.times, 0.01, view)).toContain(note);
  });

  it('and others do not', async () => {
    const real = buildReport(made);
    const texts = [
      ...Object.values(real.files),
      reportText(real.tables, view),
      reportHtml({ ...(await reportSources(made, figureData(made))), tables: real.tables }),
      adviceText(real.tables, made.times, 0.01, view),
    ];
    expect(texts.filter((text) => text.includes('SYNTHETIC'))).toEqual([]);
  });
});
