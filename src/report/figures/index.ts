import type { ReportFiles } from '../results.js';
import type { TimeRow } from '../tables/times.js';
import type { FigureData } from './data.js';

/** Folder of the figures inside that of the results. */
export const figureFolder = 'figures';

/**
 * Every figure as CSV and SVG, by file name under the folder of the results. Nothing in them is a time. The library
 * that draws is loaded here, so that whoever only plans or reads results does not wait for it.
 */
export async function figureFiles(data: FigureData): Promise<ReportFiles> {
  const { drawFigures } = await import('./draw.js');
  return inFolder(drawFigures(data));
}

/** Figure 5, the only one with times. */
export async function timesFigureFiles(network: string, times: readonly TimeRow[]): Promise<ReportFiles> {
  const { timesFigure } = await import('./draw.js');
  return inFolder(timesFigure(network, times));
}

function inFolder(files: ReportFiles): ReportFiles {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${figureFolder}/${name}`, text]));
}
