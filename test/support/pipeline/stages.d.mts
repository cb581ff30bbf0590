import type { StageDefinition } from '../../../src/pipeline/stage.js';

export declare const stages: readonly StageDefinition[];
