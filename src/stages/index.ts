import type { StageDefinition } from '../pipeline/stage.js';
import { addOn } from './add-on.js';
import { baseline } from './baseline.js';
import { corrupt } from './corrupt.js';
import { dataset } from './dataset.js';
import { environmentGate } from './environment-gate.js';
import { environmentModel } from './environment-model.js';
import { evaluate } from './evaluate.js';
import { gate } from './gate.js';
import { localize } from './localize.js';
import { observe } from './observe.js';
import { pretrain } from './pretrain.js';
import { probe } from './probe.js';
import { report } from './report.js';
import { search } from './search.js';
import { split } from './split.js';
import { stageChoice } from './stage-choice.js';
import { train } from './train.js';

/** Every stage: one line each. `experiment/plan.ts` says which feeds which. */
export const stages: readonly StageDefinition[] = [
  dataset,
  pretrain,
  probe,
  corrupt,
  observe,
  split,
  localize,
  gate,
  search,
  stageChoice,
  train,
  baseline,
  environmentGate,
  environmentModel,
  addOn,
  evaluate,
  report,
];
