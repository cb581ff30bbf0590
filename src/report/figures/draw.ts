import type { ReportFiles } from '../results.js';
import { cellFigures } from './cell.js';
import { combinedFigure } from './combined.js';
import type { FigureData } from './data.js';
import { environmentFigures } from './environment.js';
import { fisherFigure } from './fisher.js';
import { picksFigure } from './picks.js';
import { rocFigure } from './roc.js';
import { sampleFigures } from './samples.js';
import { searchScoresFigure } from './search-scores.js';
import { severityFigure } from './severity.js';
import { trainingFigure } from './training.js';

/** All figures but that of times. File names without a folder. */
export function drawFigures(data: FigureData): ReportFiles {
  return {
    ...combinedFigure(data.tables),
    ...rocFigure(data),
    ...severityFigure(data.tables),
    ...fisherFigure(data),
    ...picksFigure(data),
    ...searchScoresFigure(data),
    ...cellFigures(data),
    ...trainingFigure(data),
    ...sampleFigures(data),
    ...environmentFigures(data),
  };
}

export { timesFigure } from './repair-times.js';
