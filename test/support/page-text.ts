import { parseHTML } from 'linkedom';

/** What these tests read of an element; the types of the DOM are not there in a program on Node. */
export interface PageElement {
  readonly tagName: string;
  readonly id: string;
  readonly textContent: string;
  readonly children: Iterable<PageElement>;
  readonly parentElement: PageElement | null;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  closest(selector: string): PageElement | null;
}

export function parsePage(html: string): PageElement {
  const { document } = parseHTML(html) as unknown as { readonly document: { documentElement: PageElement } };
  return document.documentElement;
}

/** The words of a page: headings with their level, a line for each row of a table, drawings by title and description. */
export function pageText(html: string): string {
  return `${linesOf(parsePage(html).querySelector('body')!).join('\n')}\n`;
}

function linesOf(element: PageElement): string[] {
  const text = (): string => element.textContent.replaceAll(/\s+/g, ' ').trim();
  const inner = (): string[] => [...element.children].flatMap(linesOf);
  switch (element.tagName.toLowerCase()) {
    case 'h1':
    case 'h2':
    case 'h3':
      return ['', `${'#'.repeat(Number(element.tagName.slice(1)))} ${text()}`];
    case 'svg':
      return [element.querySelector('desc')!.textContent];
    case 'tr':
      return [
        [...element.children].map((cell) => cell.textContent.replaceAll(/\s+/g, ' ').trim()).join(' | '),
      ];
    case 'li':
      return [`- ${text()}`];
    case 'div':
    case 'dl':
      return inner().length > 0 ? inner() : text() === '' ? [] : [text()];
    case 'pre':
      return element.textContent.trimEnd().split('\n');
    case 'p':
    case 'a':
    case 'dt':
    case 'dd':
    case 'summary':
    case 'figcaption':
      return [text()];
    default:
      return inner();
  }
}
