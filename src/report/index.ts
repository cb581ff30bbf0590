export {
  buildTables,
  type ReportInput,
  type ReportTables,
  type SearchSummary,
  type Subject,
} from './build.js';
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
export { gateReport, type GateScores } from './gate.js';
export { readableJson } from './readable-json.js';
export { buildReport, writeResults, type ReportFiles } from './results.js';
export { auc, rocPoints, type RocPoint } from './roc.js';
export { searchReport } from './search.js';
export { timeRows, timesCsv, type TimeRow } from './tables/times.js';
