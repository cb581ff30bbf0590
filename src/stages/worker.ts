/** Entry file of a worker process; the pipeline forks it and knows no stage itself. */
import { serveStages } from '../pipeline/worker-process.js';
import { stages } from './index.js';

serveStages(stages);
