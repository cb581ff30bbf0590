import { markup, type Markup } from '../markup.js';

/** What a picture is called, and what it says to somebody who does not see it. */
export interface Caption {
  readonly title: string;
  readonly description: string;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The text of an SVG file. Lines and letters take the colour of the text around it, and the white paper (`.paper`) can
 * be made transparent by a page, so one drawing serves light and dark pages.
 */
export function drawing({ width, height }: Size, caption: Caption, content: readonly Markup[]): string {
  const svg = markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" fill="currentColor" font-family="system-ui, sans-serif" font-size="12" text-anchor="middle"><title>${caption.title}</title><desc>${caption.description}</desc><rect class="paper" width="100%" height="100%" fill="#fff"/>${content}</svg>`;
  return `${svg.text.replaceAll(/><(?=g[ >]|\/g>|title|desc|rect|path|image|text|\/svg)/g, '>\n<')}\n`;
}

/** How wide a text is, about: letters of 12 pixels differ between fonts. */
export function textWidth(text: string): number {
  return Math.ceil([...text].length * 6.8);
}
