import * as Plot from '@observablehq/plot';

import { csv, fixed } from '../csv.js';
import { markup, type Markup } from '../markup.js';
import type { ReportFiles } from '../results.js';
import { drawChart } from './chart.js';
import type { EnvironmentLook, FigureData } from './data.js';
import { drawing } from './drawing.js';
import { seriesColour } from './palette.js';

/** What the environment models have learned: one CSV for all, curves and sample images for each environment. */
export function environmentFigures({ tables, looks = [] }: FigureData): ReportFiles {
  if (looks.length === 0) return {};
  return {
    'environment-model.csv': table(tables.subject.network, looks),
    ...Object.fromEntries(
      looks.flatMap((look) => [
        [`environment-bands-${look.environment}.svg`, curves(look)],
        [`environment-looks-${look.environment}.svg`, grid(look)],
      ]),
    ),
  };
}

const channels = ['brightness', 'red-green', 'blue-yellow'] as const;

function table(network: string, looks: readonly EnvironmentLook[]): string {
  const rows = looks.flatMap(({ environment, edges, components }) =>
    components.flatMap((component, k) =>
      channels.flatMap((channel, c) =>
        edges.map((edge, b) => ({ environment, component, k, channel, c, edge, b })),
      ),
    ),
  );
  return csv<(typeof rows)[0]>(
    [
      { name: 'network', value: () => network },
      { name: 'environment', value: (row) => row.environment },
      { name: 'component', value: (row) => row.k + 1 },
      { name: 'weight', value: (row) => row.component.weight, decimals: 4 },
      { name: 'channel', value: (row) => row.channel },
      { name: 'band_from_cycles_per_32_pixels', value: (row) => row.edge },
      { name: 'transfer', value: (row) => row.component.transfer[row.c]![row.b]!, decimals: 4 },
      { name: 'noise', value: (row) => row.component.noise[row.c]![row.b]!, decimals: 4 },
      { name: 'mean_gain', value: (row) => 1 + row.component.gain[row.c]!, decimals: 4 },
      { name: 'mean_shift', value: (row) => row.component.shift[row.c]!, decimals: 4 },
    ],
    rows,
  );
}

/** Transfer (solid) and noise (dashed) of the brightness, a colour for each component that has some weight. */
function curves({ environment, edges, components }: EnvironmentLook): string {
  const shown = components
    .map((component, k) => ({ ...component, k }))
    .filter(({ weight }) => weight >= 0.02)
    .sort((a, b) => b.weight - a.weight);
  const points = (of: 'transfer' | 'noise') =>
    shown.flatMap((component) =>
      component[of][0]!.map((value, b) => ({
        band: b,
        value,
        k: component.k,
        colour: seriesColour(component.k),
      })),
    );
  const line = { x: 'band', y: 'value', z: 'k', stroke: 'colour', strokeWidth: 1.5 };
  return drawChart(
    {
      height: 240,
      marginLeft: 56,
      marginRight: 20,
      x: {
        label: 'Radial band, from cycles per 32 pixels',
        ticks: edges.map((_, b) => b),
        tickFormat: (band: number) => String(edges[band] ?? ''),
      },
      y: { label: 'Transfer and noise', grid: true, nice: true, zero: true },
      marks: [
        Plot.line(points('transfer'), line),
        Plot.line(points('noise'), { ...line, strokeDasharray: '4 3' }),
      ],
    },
    {
      title: `What the environment model learned of ${environment}: brightness`,
      description: `Transfer (solid) in the lowest and the highest band, and noise (dashed) in the highest: ${shown
        .map(
          ({ weight, transfer, noise }) =>
            `a component of weight ${fixed(weight, 2)} has ${fixed(transfer[0]![0]!, 2)}, ${fixed(transfer[0]!.at(-1)!, 2)} and ${fixed(noise[0]!.at(-1)!, 3)}`,
        )
        .join('; ')}.`,
    },
    shown.map(({ k, weight }) => ({
      label: `weight ${fixed(weight, 2)}`,
      colour: seriesColour(k),
      shape: 'line' as const,
    })),
  );
}

const side = 72;
const column = 80;
const row = 78;
const left = 92;
const margin = 8;
const rows = ['clean', 'styled', 'noisy'] as const;

function grid({ environment, isPaired, images }: EnvironmentLook): string {
  const of = (kind: (typeof rows)[number]): string => (kind === 'styled' ? 'by the model' : kind);
  return drawing(
    {
      width: 2 * margin + left + images.length * column,
      height: 2 * margin + rows.length * row + 16,
    },
    {
      title: `Images of ${environment}: clean, as the environment model has them, and truly noisy`,
      description: `${images.length} images; ${
        isPaired
          ? 'each column is one test picture, and the model has never seen the clean one'
          : 'noisy images are other pictures than the clean ones'
      }. Severities of the noisy ones: ${images.map(({ severity }) => severity).join(', ')}; the model draws its own.`,
    },
    [
      ...rows.map((kind, r) => label(of(kind), r)),
      ...images.flatMap((image, i) =>
        rows.map(
          (kind, r) =>
            markup`<image href="data:image/png;base64,${image[kind]}" x="${margin + left + i * column}" y="${margin + r * row}" width="${side}" height="${side}" image-rendering="pixelated" preserveAspectRatio="xMidYMid meet"/>`,
        ),
      ),
      ...images.map(
        ({ severity }, i) =>
          markup`<text x="${margin + left + i * column + side / 2}" y="${margin + rows.length * row + 10}" font-size="11" fill-opacity="0.75">severity ${severity}</text>`,
      ),
    ],
  );
}

function label(text: string, r: number): Markup {
  return markup`<text x="${margin}" y="${margin + r * row + side / 2}" text-anchor="start">${text}</text>`;
}
