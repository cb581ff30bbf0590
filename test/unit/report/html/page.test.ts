import { expect, test } from 'vitest';

import { reportHtml } from '../../../../src/report/index.js';
import { figureData } from '../../../golden/report/figure-data.js';
import { reportSources } from '../../../golden/report/report-sources.js';
import { few, quick, sample } from '../../../golden/report/sample.js';
import { parsePage, type PageElement } from '../../../support/page-text.js';

const input = sample({
  environments: quick,
  behaviours: few,
  repeats: 2,
  images: 20,
  classes: 3,
  isTrained: true,
});
const sources = await reportSources(input, figureData(input));
const html = reportHtml(sources);
const page = parsePage(html);
const all = (selector: string, root: PageElement = page): PageElement[] => [
  ...root.querySelectorAll(selector),
];

test('loads nothing: no address, no script, and a policy that allows none', () => {
  const addresses = html.replaceAll('http://www.w3.org/2000/svg', '').match(/\b(?:https?:)?\/\/[\w.]+/g);
  expect(addresses).toBe(null);
  expect(all('script, iframe, object, embed').length).toBe(0);
  const loaded = ['src', 'href', 'srcset', 'action'].flatMap((name) =>
    all(`[${name}]`).map((element) => element.getAttribute(name)!.slice(0, 5)),
  );
  expect([...new Set(loaded.filter((address) => !address.startsWith('#')))]).toEqual(['data:']);
  expect(page.querySelector('meta[http-equiv]')!.getAttribute('content')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  );
});

test('has one first heading, and skips no level', () => {
  const levels = all('h1, h2, h3, h4').map(({ tagName }) => Number(tagName.slice(1)));
  expect(levels.filter((level) => level === 1).length).toBe(1);
  expect(levels[0]).toBe(1);
  levels.slice(1).forEach((level, i) => expect(level - levels[i]!).toBeLessThanOrEqual(1));
});

test('every name of a place is given once, and every link and label leads to one', () => {
  const ids = all('[id]').map(({ id }) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([]);
  const targets = [
    ...all('a[href]').map((link) => link.getAttribute('href')!.slice(1)),
    ...all('[aria-labelledby]').map((element) => element.getAttribute('aria-labelledby')!),
  ];
  expect([...new Set(targets)].filter((target) => !ids.includes(target))).toEqual([]);
});

test('every drawing is an image with a title and a description, every picture in it has one of its own', () => {
  const drawings = all('svg');
  expect(drawings.length).toBe(Object.keys(sources.pictures).filter((name) => !/-r1$/.test(name)).length);
  for (const svg of drawings) {
    expect(svg.getAttribute('role')).toBe('img');
    expect(svg.querySelector('title')!.textContent).not.toBe('');
    expect(svg.querySelector('desc')!.textContent).not.toBe('');
  }
  const images = all('image');
  expect(images.length).toBeGreaterThan(10);
  for (const image of images) expect(image.parentElement!.querySelector('title')!.textContent).not.toBe('');
});

test('tables have headings of columns and rows, and scroll inside themselves within reach of the keyboard', () => {
  const tables = all('table');
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    expect(all('thead th', table).every((head) => head.getAttribute('scope') === 'col')).toBe(true);
    for (const row of all('tbody tr', table))
      if (row.querySelector('td')) expect(all('th[scope], td', row).length).toBe([...row.children].length);
    const region = table.closest('.scroll')!;
    expect([region.getAttribute('role'), region.getAttribute('tabindex')]).toEqual(['region', '0']);
  }
});

test('every number of a table links to its record', () => {
  const cells = all('.table td').filter((cell) => /\d/.test(cell.textContent));
  expect(cells.length).toBeGreaterThan(200);
  expect(cells.filter((cell) => cell.querySelector('a') === null)).toEqual([]);
  const linkOf = (row: string, column: number): string => {
    const found = all('.table tbody tr').find(({ textContent }) => textContent.startsWith(row))!;
    return [...found.querySelectorAll('td')][column]!.querySelector('a')!.getAttribute('href')!;
  };
  expect(linkOf('reseed', 1)).toBe('#record:evaluate/reseed/fog');
  expect(linkOf('reseed', 3)).toBe('#record:evaluate/reseed'); // the average
});

test('texts from outside stay texts', () => {
  const name = '<b title="x">&amp;';
  const other = reportHtml({
    ...sources,
    config: '</pre><script>alert(1)</script>',
    tables: { ...sources.tables, subject: { ...sources.tables.subject, name } },
  });
  const parsed = parsePage(other);
  expect(parsed.querySelector('h1')!.textContent).toBe(name);
  expect(parsed.querySelector('pre')!.textContent).toBe('</pre><script>alert(1)</script>');
  expect(parsed.querySelector('script')).toBe(null);
});

test('without a repair, without figures and times it says what there is', () => {
  const methods = sources.tables.methods.filter((method) => method.isControl);
  const controls = parsePage(
    reportHtml({ ...sources, times: [], pictures: {}, tables: { ...sources.tables, methods } }),
  );
  expect(controls.querySelector('.lead')!.textContent).toBe(
    'No repair was run here, only controls: the tables tell what each of them does.',
  );
  const chapters = [...controls.querySelectorAll('h2')].map(({ id }) => id);
  expect(chapters).toEqual([
    'results',
    'subgroups',
    'gate',
    'search',
    'cost',
    'words',
    'experiment',
    'records',
  ]);
});
