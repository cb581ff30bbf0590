import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { findBrowser, visit } from '../support/browser.js';
import { writeMadeUpResults } from '../support/made-up-results.js';
import { tempFolder } from '../support/temp-folder.js';

/** Shows the page in frames of several widths, and writes down what it measures there. */
const harness = `<!doctype html><meta charset="utf-8"><body><script>
const widths = [390, 1280];
Promise.all(widths.map((width) => new Promise((resolve) => {
  const frame = document.createElement('iframe');
  frame.style.cssText = 'border:0;height:800px;width:' + width + 'px';
  frame.onload = () => {
    const page = frame.contentDocument;
    const isDrawn = (svg) => svg.getBoundingClientRect().height > 50;
    const open = [...page.querySelectorAll('figure svg, details[open] svg')];
    resolve({
      width,
      scrollsSideways: page.documentElement.scrollWidth > page.documentElement.clientWidth,
      figures: open.length,
      drawn: open.filter(isDrawn).length,
      brokenImages: [...page.querySelectorAll('image')].filter((image) => !(image.getBBox().width > 0)).length,
      scrollsInside: [...page.querySelectorAll('.scroll')].some((each) => each.scrollWidth > each.clientWidth),
      first: page.querySelector('.facts').getBoundingClientRect().bottom < 800,
    });
  };
  frame.src = 'results/report.html';
  document.body.append(frame);
}))).then((found) => { document.body.textContent = 'measured: ' + JSON.stringify(found); });
</script>`;

it('in a browser: no errors, no scrolling sideways, every figure drawn, the result on the first screen', async ({
  skip,
}) => {
  const browser = findBrowser();
  if (browser === undefined) skip('there is no Chromium on this machine: apt-get install chromium');
  const folder = await tempFolder();
  await writeMadeUpResults(join(folder, 'results'), 'name: sample\n');
  await writeFile(join(folder, 'harness.html'), harness);
  const seen = await visit(browser!, join(folder, 'harness.html'), join(folder, 'profile'));
  expect(seen.console).toEqual([]);
  const measured = JSON.parse(/measured: (\[.*\])/.exec(seen.dom)![1]!) as unknown;
  const both = { figures: 13, drawn: 13, brokenImages: 0, first: true, scrollsSideways: false };
  expect(measured).toEqual([
    { width: 390, scrollsInside: true, ...both },
    { width: 1280, scrollsInside: false, ...both },
  ]);
});
