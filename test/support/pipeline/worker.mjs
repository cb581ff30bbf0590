import { serveStages } from '../../../dist/pipeline/worker-process.js';
import { stages } from './stages.mjs';

serveStages(stages);
