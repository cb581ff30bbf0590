import * as Plot from '@observablehq/plot';

import { csv, fixed, percentColumn } from '../csv.js';
import type { ReportFiles } from '../results.js';
import { drawChart } from './chart.js';
import type { FigureData, TrainingCurve } from './data.js';
import { seriesColour } from './palette.js';

const titles: Readonly<Record<TrainingCurve['of'], string>> = {
  network: 'Training of the deployed network',
  probes: 'Training of the probes',
  patch: 'Training of the patches',
  baseline: 'Training of whole networks by the compared methods',
  'add-on': 'Training of the add-ons of environment-patch, every 50 steps',
};

/** Losses by epoch: one CSV for all that was trained, and a chart for each kind of it. */
export function trainingFigure({ tables, training }: FigureData): ReportFiles {
  const curves = training.filter((curve) => curve.epochs.length > 0);
  if (curves.length === 0) return {};
  const kinds = (['network', 'probes', 'patch', 'baseline', 'add-on'] as const).filter((kind) =>
    curves.some((curve) => curve.of === kind),
  );
  return {
    'training.csv': table(tables.subject.network, curves),
    ...Object.fromEntries(
      kinds.map((kind) => [
        `training-${kind}.svg`,
        chart(
          titles[kind],
          curves.filter((curve) => curve.of === kind),
        ),
      ]),
    ),
  };
}

function table(network: string, curves: readonly TrainingCurve[]): string {
  const rows = curves.flatMap((curve) => curve.epochs.map((epoch, i) => ({ curve, ...epoch, epoch: i + 1 })));
  return csv<(typeof rows)[0]>(
    [
      { name: 'network', value: () => network },
      { name: 'trained', value: (row) => row.curve.of },
      { name: 'variant', value: (row) => row.curve.variant },
      { name: 'environment', value: (row) => row.curve.environment },
      { name: 'repeat', value: (row) => row.curve.repeat },
      { name: 'epoch', value: (row) => row.epoch },
      { name: 'loss', value: (row) => row.loss, decimals: 6 },
      percentColumn('training_accuracy', (row) => row.accuracy),
    ],
    rows,
  );
}

function chart(title: string, curves: readonly TrainingCurve[]): string {
  const variants = [...new Set(curves.map((curve) => curve.variant))];
  const colourOf = (variant: string | undefined): string => seriesColour(variants.indexOf(variant));
  const points = curves.flatMap((curve, z) =>
    curve.epochs.map(({ loss }, i) => ({ z, epoch: i + 1, loss, colour: colourOf(curve.variant) })),
  );
  const last = Math.max(...points.map((point) => point.epoch));
  const line = { x: 'epoch', y: 'loss', z: 'z', stroke: 'colour' };
  return drawChart(
    {
      height: 240,
      marginLeft: 56,
      marginRight: 20,
      x: {
        label: 'Epoch',
        domain: [1, Math.max(2, last)],
        ticks: Math.min(10, last),
        tickFormat: (epoch: number) => (Number.isInteger(epoch) ? String(epoch) : ''),
      },
      y: { label: 'Loss', grid: true, nice: true, zero: true },
      marks: [
        Plot.line(points, { ...line, strokeWidth: 1.5, strokeOpacity: curves.length > 4 ? 0.6 : 1 }),
        last === 1 ? Plot.dot(points, { ...line, r: 3 }) : null,
      ],
    },
    {
      title,
      description: `Mean loss of the first and of the last epoch: ${curves
        .map(
          (curve) => `${nameOf(curve)} ${lossText(curve.epochs[0]!)} and ${lossText(curve.epochs.at(-1)!)}`,
        )
        .join('; ')}.`,
    },
    variants.length < 2
      ? []
      : variants.map((variant) => ({
          label: variant ?? 'deployed',
          colour: colourOf(variant),
          shape: 'line' as const,
        })),
  );
}

function nameOf({ of, variant, environment, repeat }: TrainingCurve): string {
  const where = environment === undefined ? of : `${environment} r${repeat ?? 0}`;
  return variant === undefined ? where : `${where} (${variant})`;
}

function lossText({ loss }: { readonly loss: number }): string {
  return fixed(loss, 3);
}
