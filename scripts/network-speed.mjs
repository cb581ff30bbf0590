/**
 * Seconds of a training step of each network at full width, ours beside PyTorch's in the same run:
 *   python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.2.2 'numpy<2' safetensors
 *   node scripts/network-speed.mjs --python /tmp/venv/bin/python [--batch 128] [--rounds 8] [NETWORK …]
 * Without --python ours alone. Steps alternate: ours, PyTorch with contiguous maps, with channels last. What is printed
 * is the quickest step of each, which other work on the machine disturbs least, and ours over the better of PyTorch's.
 * Other work slows PyTorch more than us, since its threads wait for each other: measure on a quiet machine. The images are
 * there beforehand: a step is forward, loss, backward and SGD. Needs a build.
 */
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Rng } from '../dist/core/rng.js';
import { findEngine } from '../dist/engine/engines.js';
import { cpuThreads } from '../dist/engine/hardware.js';
import { openEngine } from '../dist/engine/load.js';
import { lossGradients } from '../dist/engine/loss-gradients.js';
import { networks } from '../dist/networks/index.js';
import { forwardFrom } from '../dist/networks/network.js';
import { trainingMode } from '../dist/networks/training-loss.js';
import { labelTensor } from '../dist/nn/batch.js';
import { sgdNesterov } from '../dist/nn/optimizer.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string' },
    batch: { type: 'string', default: '128' },
    rounds: { type: 'string', default: '8' },
    worker: { type: 'string' },
  },
});
const batch = Number(values.batch);
if (values.worker !== undefined) await work(networks.find(({ name }) => name === values.worker));
else await compare(networks.filter(({ name }) => positionals.length === 0 || positionals.includes(name)));

/** Ours: takes a step for each line on its input and prints its seconds. */
async function work(entry) {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const found = findEngine(process.env.PATCHNAS_CACHE ?? join(cache, 'patchnas'), 'cpu');
  if (!found) throw new Error('no engine: run `patchnas setup --device cpu` first');
  const engine = await openEngine(found.dir);
  const { tf, kernels } = engine;
  const classes = entry.imageSize === 64 ? 200 : 10;
  const params = Object.fromEntries(
    Object.entries(entry.params.properties).map(([name, property]) => [name, property.default]),
  );
  const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
  const rng = new Rng(1, 'speed');
  const network = (await entry.load()).build(engine, rng, { params, classes, normalisation });
  const pixels = Float32Array.from({ length: batch * entry.imageSize ** 2 * 3 }, () => rng.uniform(-1, 1));
  const x = tf.tensor4d(pixels, [batch, entry.imageSize, entry.imageSize, 3]);
  const labels = labelTensor(
    engine,
    Array.from({ length: batch }, (_, i) => i % classes),
  );
  const optimizer = sgdNesterov(engine, network.parameters, { momentum: 0.9, weightDecay: 5e-4 });
  const variables = network.parameters.map(({ variable }) => variable);
  let step = 0;
  process.stdout.write(`${tf.backend().binding.TF_Version}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    void line;
    const started = globalThis.performance.now();
    // What trainSteps in src/nn does in each step.
    const loss = () =>
      kernels.meanCrossEntropy(forwardFrom(network, x, 0, trainingMode({ step }, rng)), labels);
    const { value, grads } = lossGradients(tf, loss, variables);
    await value.data();
    optimizer.step(grads, 0.01);
    tf.dispose([value, ...Object.values(grads)]);
    step++;
    process.stdout.write(`${(globalThis.performance.now() - started) / 1000}\n`);
  }
}

/** A process that answers each line with one. */
function started(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`${command} ${args.join(' ')} has ended: run it by itself to see why`);
    return value;
  };
  return {
    version: next,
    step: async (kind) => {
      child.stdin.write(`${kind}\n`);
      return Number(await next());
    },
    end: () => child.stdin.end(),
  };
}

async function compare(entries) {
  const script = (name) => fileURLToPath(new URL(name, import.meta.url));
  for (const { name } of entries) {
    const own = started(process.execPath, [
      script('network-speed.mjs'),
      '--worker',
      name,
      '--batch',
      values.batch,
    ]);
    const other = values.python
      ? started(values.python, [script('pytorch-speed.py'), name, values.batch, String(cpuThreads())])
      : undefined;
    const versions = [
      `TensorFlow ${await own.version()}`,
      ...(other ? [`PyTorch ${await other.version()}`] : []),
    ];
    const kinds = ['ours', ...(other ? ['contiguous', 'channels_last'] : [])];
    const times = Object.fromEntries(kinds.map((kind) => [kind, []]));
    for (let round = -1; round < Number(values.rounds); round++)
      for (const kind of kinds) {
        const seconds = await (kind === 'ours' ? own : other).step(kind);
        if (round >= 0) times[kind].push(seconds); // the first step of each allocates
      }
    own.end();
    other?.end();
    const best = Object.fromEntries(kinds.map((kind) => [kind, Math.min(...times[kind])]));
    const figures = kinds.map((kind) => `${kind} ${best[kind].toFixed(3)} s`);
    const ratio = other
      ? `, ratio ${(best.ours / Math.min(best.contiguous, best.channels_last)).toFixed(2)}`
      : '';
    console.log(
      `${name}, batch ${batch}, ${cpuThreads()} threads, ${versions.join(', ')}: ${figures.join(', ')}${ratio}`,
    );
  }
}
