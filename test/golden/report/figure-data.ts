import { Rng } from '../../../src/core/rng.js';
import { buildTables, type FigureData, type ReportInput } from '../../../src/report/index.js';
import type { GateScores } from '../../../src/report/gate.js';
import { gateFigureData } from '../../../src/report/figures/gate-data.js';
import { pickSamples } from '../../../src/report/figures/samples.js';
import type { PatchGraph, SampleImage, TrainingCurve } from '../../../src/report/figures/data.js';

/** Two pixels, so that a drawing of images stays short. */
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGP4z8DAwPAfAAcAAf/0cT1gAAAAAElFTkSuQmCC';

/** What the report stage would read beside the tables, made up: the same for the same input. */
export function figureData(input: ReportInput & { readonly scores: readonly GateScores[] }): FigureData {
  const rng = new Rng(7, 'figures');
  const gates = input.scores.map(gateFigureData);
  const cells = input.gates.map(({ environment, repeat }) => ({ environment, repeat }));
  return {
    tables: buildTables(input),
    searches: input.searches,
    roc: gates.flatMap(({ roc }) => roc),
    fisher: gates.flatMap(({ fisher }) => fisher),
    patches: cells.map((cell, i) => ({ ...cell, graph: graphs[i % graphs.length]! })),
    training: trainingOf(cells),
    images: imagesOf(input, rng),
  };
}

function trainingOf(cells: readonly { environment: string; repeat: number }[]): TrainingCurve[] {
  const falling = (from: number, epochs: number) =>
    Array.from({ length: epochs }, (_, i) => ({ loss: from / (i + 1) }));
  return [
    {
      of: 'network',
      variant: undefined,
      environment: undefined,
      repeat: undefined,
      epochs: falling(2.25, 12).map(({ loss }) => ({ loss, accuracy: 1 - loss / 2.5 })),
    },
    { of: 'network', variant: 'from a file', environment: undefined, repeat: undefined, epochs: [] },
    { of: 'probes', variant: undefined, environment: undefined, repeat: undefined, epochs: falling(6.5, 1) },
    ...cells.flatMap((cell, i) =>
      ['finetune', 'augmix'].map((variant, v) => ({
        of: 'baseline' as const,
        variant,
        ...cell,
        epochs: falling(2 + 0.125 * (i % 5) + 0.25 * v, 3),
      })),
    ),
    ...cells.flatMap((cell, i) =>
      ['searched', 'random'].map((variant, v) => ({
        of: 'patch' as const,
        variant,
        ...cell,
        epochs: falling(1.5 + 0.125 * (i % 5) + 0.0625 * v, 4),
      })),
    ),
  ];
}

function imagesOf({ evaluations, environments, classes }: ReportInput, rng: Rng): SampleImage[] {
  return environments.flatMap(({ name }) => {
    const evaluation = evaluations.find(
      (one) => one.environment === name && one.method === 'patchnas' && one.repeat === 0,
    )!;
    const { noisy } = evaluation;
    const className = (index: number): string => classes[index % classes.length]!;
    return pickSamples(evaluation, rng.child(name)).flatMap(({ group, groupSize, indices }) =>
      indices.map((i) => ({
        method: 'patchnas',
        environment: name,
        repeat: 0,
        group,
        groupSize,
        baseImage: noisy.baseImage[i]!,
        severity: noisy.severity[i]!,
        noise: name,
        label: className(noisy.label[i]!),
        original: className(noisy.original[i]!),
        repaired: className(noisy.repaired[i]!),
        png,
      })),
    );
  });
}

/** Of four nodes with long arcs and several operations, of two nodes, and of eight. */
const graphs: readonly PatchGraph[] = [
  {
    nodes: 4,
    cells: [
      [
        { from: 1, to: 2, operations: ['conv3x3'] },
        { from: 1, to: 3, operations: ['sepconv3x3', 'identity'] },
        { from: 2, to: 3, operations: [] },
        { from: 1, to: 4, operations: ['maxpool3x3'] },
        { from: 2, to: 4, operations: ['conv1x1', 'avgpool3x3'] },
        { from: 3, to: 4, operations: ['sepconv1x1', 'identity'] },
      ],
      [
        { from: 1, to: 2, operations: ['identity'] },
        { from: 1, to: 3, operations: [] },
        { from: 2, to: 3, operations: ['conv3x3'] },
        { from: 1, to: 4, operations: [] },
        { from: 2, to: 4, operations: [] },
        { from: 3, to: 4, operations: ['avgpool3x3'] },
      ],
    ],
  },
  { nodes: 2, cells: [[{ from: 1, to: 2, operations: ['conv3x3'] }]] },
  {
    nodes: 8,
    cells: [
      Array.from({ length: 7 }, (_, t) =>
        Array.from({ length: t + 1 }, (_, f) => ({
          from: f + 1,
          to: t + 2,
          operations: t === f || (f === 0 && t % 2 === 0) ? ['conv1x1', 'maxpool3x3'] : [],
        })),
      ).flat(),
    ],
  },
];
