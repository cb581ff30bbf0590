// Entry of a process that loads an engine and tells its parent what came of it. See probe.ts.
import { loadTensorFlow } from './load.js';
import { checkKernels } from './check-kernels.js';
import { createKernels } from './kernels/index.js';

try {
  const { tf, device, tensorflow } = await loadTensorFlow(process.argv[2]!);
  const problems = checkKernels(tf, createKernels(tf));
  process.send!({ loads: true, device, tensorflow, tfjs: tf.version.tfjs, problems });
} catch (error) {
  process.send!({ loads: false, reason: error instanceof Error ? error.message : String(error) });
}
process.disconnect();
