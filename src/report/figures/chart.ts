import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

import { Markup, markup } from '../markup.js';
import { drawing, textWidth, type Caption } from './drawing.js';

/** The width that most charts have, in pixels. */
export const chartWidth = 640;

/** What a mark of a chart stands for. */
export interface KeyItem {
  readonly label: string;
  readonly colour: string;
  readonly shape: 'dot' | 'ring' | 'line' | 'dashes' | 'box';
}

/** The types of the DOM are not there in a program on Node: this much of it is read, the document only handed on. */
interface Page {
  readonly document: never;
}
interface Drawn {
  readonly innerHTML: string;
  getAttribute(name: string): string;
  querySelector(selector: string): { remove(): void };
}

/**
 * The chart as the text of an SVG file, with its key above it. Coordinates are rounded to hundredths of a pixel: the
 * last digits of a logarithm differ between versions of Node.
 */
export function drawChart(options: Plot.PlotOptions, caption: Caption, key: readonly KeyItem[] = []): string {
  const { document } = parseHTML('<html></html>') as unknown as Page;
  const left = options.marginLeft ?? 44;
  const axis = { labelAnchor: 'center', labelArrow: 'none' } as const;
  const chart = Plot.plot({
    width: chartWidth,
    marginBottom: 40,
    ...options,
    x: { ...axis, ...options.x },
    y: { ...axis, ...options.y },
    marginLeft: left,
    marginTop: (options.marginTop ?? 12) + (key.length > 0 ? keyHeight : 0),
    color: { type: 'identity' },
    document,
  }) as unknown as Drawn;
  chart.querySelector('style').remove();
  const [width, height] = [Number(chart.getAttribute('width')), Number(chart.getAttribute('height'))];
  const size = { width: Math.max(width, left + keyWidth(key)), height };
  return drawing(size, caption, [...drawKey(key, left), new Markup(roundedText(chart.innerHTML))]);
}

function roundedText(svg: string): string {
  return svg.replaceAll(/-?\d+\.\d{3,}(?:e-?\d+)?/g, (number) => String(Number(Number(number).toFixed(2))));
}

const keyHeight = 26;

function keyWidth(items: readonly KeyItem[]): number {
  return items.reduce((sum, item) => sum + itemWidth(item), 0);
}

function itemWidth({ label }: KeyItem): number {
  return 22 + textWidth(label) + 18;
}

function drawKey(items: readonly KeyItem[], left: number): Markup[] {
  let x = left;
  return items.map((item) => {
    const { label, colour, shape } = item;
    const drawn = markup`<g transform="translate(${x},14)">${symbols[shape](colour)}<text x="22" y="4" text-anchor="start">${label}</text></g>`;
    x += itemWidth(item);
    return drawn;
  });
}

const symbols: Readonly<Record<KeyItem['shape'], (colour: string) => Markup>> = {
  dot: (colour) => markup`<circle cx="9" r="4.5" fill="${colour}"/>`,
  ring: (colour) => markup`<circle cx="9" r="4" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
  line: (colour) => markup`<path d="M0,0H18" stroke="${colour}" stroke-width="2"/>`,
  dashes: (colour) =>
    markup`<path d="M0,0H18" stroke="${colour}" stroke-width="1.5" stroke-dasharray="4 3"/>`,
  box: (colour) => markup`<path d="M2,-6h13v12h-13z" fill="${colour}"/>`,
};
