import { expect, test } from 'vitest';

import { cellFigures } from '../../../../src/report/figures/cell.js';
import { figureData } from '../../../golden/report/figure-data.js';
import { few, quick, sample } from '../../../golden/report/sample.js';
import { parsePage } from '../../../support/page-text.js';

const data = figureData(
  sample({ environments: quick, behaviours: few, repeats: 1, images: 10, classes: 2, isTrained: true }),
);

test('draws a node for each, an arrow for each edge that is there, and a label for each operation', () => {
  const files = cellFigures(data);
  for (const { environment, graph } of data.patches) {
    const svg = parsePage(files[`cell-${environment}-r0.svg`]!);
    const edges = graph.cells.flat().filter((edge) => edge.operations.length > 0);
    const count = (selector: string): number => [...svg.querySelectorAll(selector)].length;
    expect(count('circle')).toBe(graph.nodes * graph.cells.length);
    expect(count('path[fill="#2f78c4"]')).toBe(edges.length);
    expect(count('text[font-size="11"]')).toBe(edges.flatMap((edge) => edge.operations).length);
  }
});

test('no arc goes through the label of a lower one', () => {
  const { nodes, cells } = data.patches[0]!.graph;
  expect([nodes, cells[0]!.filter((edge) => edge.operations.length > 0).length]).toEqual([4, 5]);
  const svg = parsePage(cellFigures(data)['cell-gaussian_noise-r0.svg']!);
  const [first] = svg.querySelectorAll('g');
  const arcs = [...first!.querySelectorAll('path')].flatMap((path) => {
    const found = /^M([\d.]+),([\d.]+)Q([\d.]+),(-?[\d.]+) ([\d.]+),/.exec(path.getAttribute('d')!);
    return found ? [found.slice(1).map(Number) as [number, number, number, number, number]] : [];
  });
  const labels = [...first!.querySelectorAll('text[font-size="11"]')].map((text) => ({
    x: Number(text.getAttribute('x')),
    top: Number(text.getAttribute('y')) - 10,
  }));
  expect([arcs.length, labels.length]).toEqual([3, 8]);
  for (const [x0, y0, xc, yc, x1] of arcs)
    for (const { x, top } of labels.filter((label) => label.x > x0 && label.x < x1 && label.x !== xc)) {
      const t = (x - x0) / (x1 - x0);
      const y = (1 - t) ** 2 * y0 + 2 * t * (1 - t) * yc + t * t * y0;
      expect(y < top || y > top + 10 * 3).toBe(true);
    }
});
