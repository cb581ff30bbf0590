import { Markup, markup } from '../markup.js';
import { idOf } from './table.js';

/** A figure with its heading; its drawing says in its own title and description what it shows. */
export function pictureOf(name: string, svg: string): Markup {
  const title = titleOf(svg);
  const id = idOf(title);
  return markup`<figure aria-labelledby="${id}"><h3 id="${id}">${title}</h3>${drawingOf(svg, id)}<figcaption>Data: <code>figures/${dataOf(name)}.csv</code></figcaption></figure>`;
}

/** One of several drawings of a kind, which opens and closes; its title stands for it. */
export function foldedPicture(svg: string, isOpen: boolean): Markup {
  const title = titleOf(svg);
  const id = idOf(title);
  return markup`<details${isOpen ? markup` open` : undefined}><summary id="${id}">${title}</summary>${drawingOf(svg, id)}</details>`;
}

/** A drawing is never wider than the page; where it would get too small to read, it scrolls inside itself. */
function drawingOf(svg: string, labelId: string): Markup {
  const width = /<svg [^>]*\swidth="(\d+)"/.exec(svg)?.[1] ?? '640';
  return markup`<div class="scroll drawing" role="region" aria-labelledby="${labelId}" tabindex="0" style="--width:${width}px">${new Markup(svg)}</div>`;
}

/** The title as the drawing has it, with its letters as they are. */
function titleOf(svg: string): string {
  const title = /<title>([^<]*)<\/title>/.exec(svg)?.[1] ?? '';
  return title
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** Drawings of one kind share a CSV file. */
function dataOf(name: string): string {
  return /^training-/.test(name) ? 'training' : name;
}
