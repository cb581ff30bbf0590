import { csv } from '../csv.js';
import { markup, type Markup } from '../markup.js';
import type { ReportFiles } from '../results.js';
import type { ChosenPatch, FigureData, PatchGraph } from './data.js';
import { drawing } from './drawing.js';
import { accent } from './palette.js';

/** The searched cells as graphs: one CSV, and a drawing for each search. */
export function cellFigures({ tables, patches }: FigureData): ReportFiles {
  if (patches.length === 0) return {};
  return {
    'cells.csv': table(tables.subject.network, patches),
    ...Object.fromEntries(
      patches.map((patch) => [`cell-${patch.environment}-r${patch.repeat}.svg`, drawPatch(patch)]),
    ),
  };
}

function table(network: string, patches: readonly ChosenPatch[]): string {
  const rows = patches.flatMap((patch) =>
    patch.graph.cells.flatMap((cell, c) => cell.map((edge) => ({ ...patch, cell: c + 1, ...edge }))),
  );
  return csv<(typeof rows)[0]>(
    [
      { name: 'network', value: () => network },
      { name: 'environment', value: (row) => row.environment },
      { name: 'repeat', value: (row) => row.repeat },
      { name: 'cell', value: (row) => row.cell },
      { name: 'from_node', value: (row) => row.from },
      { name: 'to_node', value: (row) => row.to },
      { name: 'operations', value: (row) => row.operations.join(' + ') },
    ],
    rows,
  );
}

const names: Readonly<Record<string, string>> = {
  conv1x1: 'conv 1×1',
  conv3x3: 'conv 3×3',
  sepconv1x1: 'sep. conv 1×1',
  sepconv3x3: 'sep. conv 3×3',
  maxpool3x3: 'max pool 3×3',
  avgpool3x3: 'avg. pool 3×3',
};

type Edge = PatchGraph['cells'][number][number];

const step = 140;
const left = 90;
const radius = 15;
const lineHeight = 14;

function drawPatch({ environment, repeat, graph }: ChosenPatch): string {
  let y = 0;
  const cells = graph.cells.map((cell, c) => {
    const { height, content } = drawCell(cell, graph.nodes);
    const placed = markup`<g transform="translate(0,${y})"><text x="12" y="22" text-anchor="start" font-weight="600">cell ${c + 1}</text>${content}</g>`;
    y += height;
    return placed;
  });
  return drawing(
    { width: left + step * (graph.nodes - 1) + 60, height: y },
    {
      title: `The searched patch for ${environment}${repeat > 0 ? `, repeat ${repeat}` : ''}`,
      description: `Node 1 is the input of a cell, its output all other nodes side by side; a node adds up its incoming edges. ${graph.cells
        .map((cell, c) => `Cell ${c + 1}: ${cell.filter(isThere).map(edgeText).join('; ')}.`)
        .join(' ')}`,
    },
    cells,
  );
}

/** Nodes in a row; edges to the next node are straight, all others arcs, higher the more nodes they pass. */
function drawCell(cell: readonly Edge[], nodes: number): { height: number; content: Markup[] } {
  const edges = cell.filter(isThere);
  const heights = arcHeights(edges, nodes);
  const base =
    40 + Math.max(radius, ...edges.map((edge) => heights[span(edge)]! + labelHeight(edge, span(edge))));
  const below = Math.max(0, ...edges.filter((edge) => span(edge) === 1).map((edge) => labelHeight(edge, 1)));
  const x = (node: number): number => left + step * (node - 1);
  const content = [
    ...edges.map((edge) => drawEdge(edge, x(edge.from), x(edge.to), base, heights[span(edge)]!)),
    ...Array.from({ length: nodes }, (_, i) => drawNode(i + 1, x(i + 1), base)),
    markup`<path d="M${x(2) - radius},${base + radius + below + 10}v8H${x(nodes) + radius}v-8" fill="none" stroke="currentColor" stroke-opacity="0.5"/>`,
    markup`<text x="${(x(2) + x(nodes)) / 2}" y="${base + radius + below + 34}" fill-opacity="0.7">output: ${nodes > 2 ? `nodes 2 to ${nodes} side by side` : 'node 2'}</text>`,
  ];
  return { height: base + radius + below + 52, content };
}

/** How high the arcs over 0, 1, 2 … nodes rise, so that each clears the labels of the lower ones. Index: the span. */
function arcHeights(edges: readonly Edge[], nodes: number): number[] {
  const heights = [0, 0, 46];
  for (let spanned = 3; spanned < nodes; spanned++) {
    const lower = edges.filter((edge) => span(edge) === spanned - 1);
    const label = Math.max(0, ...lower.map((edge) => labelHeight(edge, spanned - 1)));
    heights.push(Math.round((heights[spanned - 1]! + label + 12) / 0.8)); // above its neighbours an arc has this much of its height
  }
  return heights;
}

function drawEdge(edge: Edge, from: number, to: number, y: number, height: number): Markup {
  const middle = (from + to) / 2;
  // From its start an arc rises along (dx, -dy), and into its end it falls along (dx, dy).
  const [dx, dy] = unit(to - middle, 2 * height);
  const [startX, endX] = [round(from + radius * dx), round(to - radius * dx)];
  const edgeY = round(y - radius * dy);
  const path =
    height === 0
      ? `M${startX},${y}H${endX}`
      : `M${startX},${edgeY}Q${middle},${y - 2 * height} ${endX},${edgeY}`;
  const lines = edge.operations.map((name) => names[name] ?? name);
  const first = height === 0 ? y + 18 : y - height - 8 - lineHeight * (lines.length - 1);
  return markup`<g><path d="${path}" fill="none" stroke="${accent}" stroke-width="1.5"/>${arrow(endX, edgeY, dx, dy)}${lines.map(
    (line, i) => markup`<text x="${middle}" y="${first + lineHeight * i}" font-size="11">${line}</text>`,
  )}</g>`;
}

/** The head of an arrow that ends here and points along (dx, dy). */
function arrow(x: number, y: number, dx: number, dy: number): Markup {
  const [backX, backY] = [x - 9 * dx, y - 9 * dy];
  const corners = [
    [x, y],
    [backX - 4 * dy, backY + 4 * dx],
    [backX + 4 * dy, backY - 4 * dx],
  ];
  return markup`<path d="M${corners.map((corner) => corner.map(round).join(',')).join('L')}z" fill="${accent}"/>`;
}

function drawNode(node: number, x: number, y: number): Markup {
  const isInput = node === 1;
  return markup`<g><circle cx="${x}" cy="${y}" r="${radius}" fill="none" stroke="currentColor" stroke-width="${isInput ? 2.5 : 1.25}"/><text x="${x}" y="${y + 4}">${node}</text>${isInput ? markup`<text x="${x - radius - 8}" y="${y + 4}" text-anchor="end" fill-opacity="0.7">input</text>` : undefined}</g>`;
}

function edgeText({ from, to, operations }: Edge): string {
  return `${from} to ${to} ${operations.map((name) => names[name] ?? name).join(' + ')}`;
}

function isThere({ operations }: Edge): boolean {
  return operations.length > 0;
}

function span({ from, to }: Edge): number {
  return to - from;
}

/** Of the label of an edge, with its distance from it. */
function labelHeight({ operations }: Edge, spanned: number): number {
  return lineHeight * operations.length + (spanned === 1 ? 0 : 8);
}

function unit(x: number, y: number): [number, number] {
  const length = Math.sqrt(x * x + y * y);
  return [x / length, y / length];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
