export {
  buildTables,
  type ReportInput,
  type ReportTables,
  type SearchSummary,
  type Subject,
} from './build.js';
export {
  compareTables,
  outsideIntervals,
  type Comparison,
  type FigureDifference,
} from './compare/compare.js';
export { compareFiles, compareRows, type FileDifference } from './compare/files.js';
export { reproducedText } from './compare/reproduced-text.js';
export { comparisonText, countsOf } from './compare/text.js';
export { reportText } from './console.js';
export type { View } from './console/grid.js';
export type {
  Candidate,
  CleanSamples,
  Environment,
  Evaluation,
  GateGroup,
  GateReport,
  Method,
  MethodTasks,
  NoisySamples,
  ParameterCounts,
  SampleCounts,
  Samples,
  SearchRecord,
  SearchReport,
  Share,
  StageTime,
} from './evaluation.js';
export type {
  ChosenPatch,
  FigureData,
  FisherSummary,
  RocCurve,
  EnvironmentLook,
  SampleImage,
  TrainingCurve,
} from './figures/data.js';
export { adviceOf, adviceText, type Advice } from './advice.js';
export { gateFigureData } from './figures/gate-data.js';
export { figureFiles, timesFigureFiles } from './figures/index.js';
export { pickSamples } from './figures/samples.js';
export { reportHtml } from './html/page.js';
export { picturesOf, readSources, type ReportSources } from './html/sources.js';
export { gateReport, type GateScores } from './gate.js';
export { tableNotes } from './notes.js';
export { formatTables, paperFormats, type PaperFormat } from './paper/formats.js';
export { runsOf } from './paper/runs.js';
export { paperNumbers, type PaperNumber } from './paper/table.js';
export { readManifest, readResult, readTables, type Manifest } from './read-results.js';
export { readableJson } from './readable-json.js';
export { besideResults, buildReport, holdsResults, writeResults, type ReportFiles } from './results.js';
export { auc, rocPoints, type RocPoint } from './roc.js';
export { searchReport } from './search.js';
export { timeRows, timesCsv, timesFromCsv, type TimeRow } from './tables/times.js';
