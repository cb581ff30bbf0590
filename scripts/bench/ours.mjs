/**
 * Our side of a row, which scripts/bench.mjs starts: node scripts/bench/ours.mjs SPEC, a row's `spec` as JSON. What it
 * says and answers stands in side.mjs.
 */
import { createInterface } from 'node:readline';

import { peakMemory, resetPeakMemory } from '../../dist/pipeline/peak-memory.js';
import { between, now } from './clock.mjs';

/** Which file in ours/ does a work, by name: `make` prepares it and gives { warm, round, facts? }. */
const works = {
  train: () => import('./ours/train.mjs'),
  probe: () => import('./ours/probe.mjs'),
  fisher: () => import('./ours/fisher.mjs'),
  gate: () => import('./ours/gate.mjs'),
  'hyper-patch': () => import('./ours/hyper-patch.mjs'),
  'patch-step': () => import('./ours/patch-step.mjs'),
  'patch-epoch': () => import('./ours/patch-epoch.mjs'),
  evaluate: () => import('./ours/evaluate.mjs'),
  noise: () => import('./ours/noise.mjs'),
  command: () => import('./ours/command.mjs'),
  'warm-run': () => import('./ours/warm-run.mjs'),
};

const spec = JSON.parse(process.argv[2]);
const { make } = await works[spec.work]();
const { warm, round, facts, engine, close } = await make(spec);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

resetPeakMemory();
say({ engine, facts });
for await (const line of createInterface({ input: process.stdin })) {
  const before = now();
  const own = await (line === 'warm' ? warm : round)();
  say({ ...between(before, now()), peakBytes: peakMemory(), ...own });
}
await close?.();
