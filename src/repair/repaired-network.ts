import type { Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs';

import type { Engine } from '../engine/engine.js';
import { forwardAll, type Network } from '../networks/network.js';
import { gather, pieces, rows, toTensor, type Images } from '../nn/batch.js';
import { inference } from '../nn/parameter.js';
import { decide, gateScores, type Gate, type GateDecision } from './gate.js';
import { patchedLogits, type Patch } from './patch.js';
import type { Probe } from './probe.js';
import { aroundStage } from './stage-inputs.js';

export interface Repair {
  readonly probes: readonly Probe[];
  readonly gate: Gate;
  readonly sigma: number;
  readonly patch: Patch;
}

export interface Answer {
  /** Predicted class of each image. */
  readonly classes: Uint8Array;
  readonly decision: GateDecision;
}

const batch = 250;

/**
 * The network as it runs after the repair: one pass of the original with the probes' features, the gate's decision,
 * and for flagged images only the patch and the stages behind it. Images that the gate lets pass get the original's
 * answer, bit for bit.
 * @param images bytes [n, h, w, c]
 */
export async function classifyRepaired(
  engine: Engine,
  network: Network,
  repair: Repair,
  images: Images,
): Promise<Answer> {
  const { tf } = engine;
  const count = images.shape[0]!;
  const classes = new Uint8Array(count);
  const flagged = new Uint8Array(count);
  const stage = new Uint8Array(count);
  for (const [from, to] of pieces(count, batch)) {
    const x = toTensor(engine, rows(images, from, to), network.normalisation);
    const { maps, logits } = tf.tidy(() => forwardAll(network, x));
    const features = tf.tidy(() => pooledFeatures(engine, repair.probes, maps));
    const channels = repair.probes.map((probe) => probe.channels);
    const scores = gateScores(repair.gate, { data: (await features.data()) as Float32Array, channels });
    const decision = decide(scores, network.stages.length, repair.sigma);
    classes.set(await predictedClasses(engine, logits), from);
    flagged.set(decision.flagged, from);
    stage.set(decision.stage, from);
    for (let i = 0; i < network.stages.length; i++) {
      const chosen = Int32Array.from(decision.flagged.keys()).filter(
        (n) => decision.flagged[n] === 1 && decision.stage[n] === i,
      );
      if (chosen.length === 0) continue;
      const repaired = tf.tidy(() => {
        const index = tf.tensor1d(chosen, 'int32');
        const input = tf.gather(i === 0 ? x : maps[i - 1]!, index);
        return patchedLogits(engine, network, repair.patch, i, input, tf.gather(maps[i]!, index));
      });
      const answers = await predictedClasses(engine, repaired);
      chosen.forEach((n, k) => (classes[from + n] = answers[k]!));
      repaired.dispose();
    }
    tf.dispose([x, ...maps, logits, features]);
  }
  return { classes, decision: { flagged, stage } };
}

/**
 * What `classifyRepaired` answers, where the original's answers and the gate's decisions are known already: only the
 * flagged images run through the network again.
 * @param images bytes [n, h, w, c]
 * @param original [n] the original's classes
 */
export async function classifyFlagged(
  engine: Engine,
  network: Network,
  patch: Patch,
  images: Images,
  original: Uint8Array,
  { flagged, stage }: GateDecision,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Uint8Array> {
  const classes = original.slice();
  const total = flagged.reduce((sum, flag) => sum + flag, 0);
  let done = 0;
  for (let i = 0; i < network.stages.length; i++) {
    const members = Uint32Array.from(flagged.keys()).filter((n) => flagged[n] === 1 && stage[n] === i);
    for (const [from, to] of pieces(members.length, batch)) {
      const piece = members.subarray(from, to);
      const logits = engine.tf.tidy(() => {
        const { input, output } = aroundStage(engine, network, gather(images, piece), i);
        return patchedLogits(engine, network, patch, i, input, output);
      });
      const answers = await predictedClasses(engine, logits);
      logits.dispose();
      piece.forEach((n, k) => (classes[n] = answers[k]!));
      done += piece.length;
      onProgress(done, total);
      await new Promise(setImmediate);
    }
  }
  return classes;
}

/** The probes' pooled features side by side, [n, sum of channels]. */
export function pooledFeatures(
  engine: Engine,
  probes: readonly Probe[],
  maps: readonly Tensor4D[],
): Tensor2D {
  return engine.tf.concat(
    probes.map((probe, i) => probe.features(maps[i]!, inference)),
    1,
  );
}

/** The class of the largest logit, the first on a tie. */
export async function predictedClasses(engine: Engine, logits: Tensor2D): Promise<Uint8Array> {
  const index = engine.tf.argMax<Tensor1D>(logits, 1);
  const classes = Uint8Array.from(await index.data());
  index.dispose();
  return classes;
}
