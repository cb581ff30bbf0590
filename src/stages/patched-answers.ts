import { readFile } from 'node:fs/promises';

import type { PatchFlag } from '../baselines/index.js';
import { readNpy, type NdArray } from '../core/npy.js';
import { gather, type Images } from '../nn/batch.js';
import { predictedFromLogits } from '../nn/metrics.js';
import type { StageContext } from '../pipeline/stage.js';
import { doubts } from '../repair/doubt.js';
import { decide, type GateDecision } from '../repair/gate.js';
import { classifyFlagged } from '../repair/repaired-network.js';
import type { ParameterCounts, SampleCounts } from '../report/index.js';
import { countArrays } from './count-arrays.js';
import { openNetwork } from './network-file.js';
import { openPatch } from './patch-file.js';
import { stageEngine } from './stage-engine.js';
import type { TrainRecord } from './train.js';

/** Classes and flags of the labelled noisy samples and of the clean test set. */
export interface Answers {
  readonly noisy: Uint8Array;
  readonly clean: Uint8Array;
  readonly flaggedNoisy: Uint8Array;
  readonly flaggedClean: Uint8Array;
}

export interface PatchedOptions {
  /** Rows of the environment that are answered. */
  readonly noisyRows: readonly number[];
  /** The original's classes of these rows and of the clean test set. */
  readonly original: Pick<Answers, 'noisy' | 'clean'>;
  readonly flagged: PatchFlag;
  /** Patches this stage (0 the first) instead of the one that the gate picks. */
  readonly fixedStage: number | undefined;
}

/** The repaired network's answers: the original's, and the patched network's where the gate flags. */
export async function patchedAnswers(
  context: Pick<StageContext, 'input' | 'runtime' | 'emit' | 'signal'>,
  { noisyRows, original, flagged, fixedStage }: PatchedOptions,
): Promise<Answers> {
  const { input, emit, signal } = context;
  const engine = await stageEngine(context);
  const network = await openNetwork(engine, input('pretrain', 'network.safetensors'));
  const patch = await openPatch(
    engine,
    network,
    input('train', 'structure.json'),
    input('train', 'patch.safetensors'),
  );
  const { threshold, doubtThreshold } = await trainRecord(context);
  const decisionOf = async (part: Part): Promise<GateDecision> => {
    const scores = (await readNpy<Float32Array>(input('gate', `scores-${part}.npy`))).data;
    const gate = decide(scores, network.stages.length, threshold, fixedStage);
    return { ...gate, flagged: await flagsOf(context, flagged, part, gate.flagged, doubtThreshold) };
  };
  const answer = (images: Images, classes: Uint8Array, decision: GateDecision): Promise<Uint8Array> =>
    classifyFlagged(engine, network, patch, images, classes, decision, (done, total) => {
      signal.throwIfAborted();
      emit({ type: 'progress', done, total, unit: 'images' });
    });

  const environment = await decisionOf('noisy');
  const ofNoisy = {
    flagged: Uint8Array.from(noisyRows, (n) => environment.flagged[n]!),
    stage: Uint8Array.from(noisyRows, (n) => environment.stage[n]!),
  };
  const ofClean = await decisionOf('test');
  const noisyImages = gather(await readNpy<Uint8Array>(input('corrupt', 'images.npy')), noisyRows);
  const cleanImages = await readNpy<Uint8Array>(input('dataset', 'test-images.npy'));
  return {
    noisy: await answer(noisyImages, original.noisy, ofNoisy),
    clean: await answer(cleanImages, original.clean, ofClean),
    flaggedNoisy: ofNoisy.flagged,
    flaggedClean: ofClean.flagged,
  };
}

type Part = 'noisy' | 'test';

/** @param gated what the gate flags */
async function flagsOf(
  { input }: Pick<StageContext, 'input'>,
  flagged: PatchFlag,
  part: Part,
  gated: Uint8Array,
  doubtThreshold: number | undefined,
): Promise<Uint8Array> {
  const logits = (): Promise<NdArray<Float32Array>> =>
    readNpy<Float32Array>(input(part === 'noisy' ? 'observe' : 'observe-test', 'logits.npy'));
  switch (flagged) {
    case 'gate':
      return gated;
    case 'always':
      return gated.map(() => 1);
    case 'failures': {
      const { data, shape } = await logits();
      const path = part === 'noisy' ? input('corrupt', 'label.npy') : input('dataset', 'test-labels.npy');
      const labels = (await readNpy<Uint8Array>(path)).data;
      return predictedFromLogits(data, shape[1]!).map((answer, n) => (answer === labels[n] ? 0 : 1));
    }
    case 'confidence': {
      const { data, shape } = await logits();
      return Uint8Array.from(doubts(data, shape[1]!), (doubt) => (doubt > doubtThreshold! ? 1 : 0));
    }
  }
}

/** What the repair cost: parameters beside those of the original network, and training samples. */
export async function patchCosts(
  context: Pick<StageContext, 'input'>,
): Promise<{ parameters: Omit<ParameterCounts, 'original'>; samples: Omit<SampleCounts, 'trainingSet'> }> {
  const { input } = context;
  const trained = await trainRecord(context);
  const gate = JSON.parse(await readFile(input('gate', 'gate.json'), 'utf8')) as {
    readonly parameters: number;
  };
  const probes = await countArrays(input('probe', 'probes.safetensors'));
  const probesAndGate = probes.parameters + gate.parameters;
  return {
    parameters: {
      probesAndGate,
      patch: trained.parameters,
      buffers: probes.buffers + trained.buffers,
      trained: gate.parameters + trained.parameters,
      transferred: probesAndGate + trained.parameters,
    },
    samples: { failures: trained.failures, triggered: trained.triggered },
  };
}

async function trainRecord({ input }: Pick<StageContext, 'input'>): Promise<TrainRecord> {
  return JSON.parse(await readFile(input('train', 'train.json'), 'utf8')) as TrainRecord;
}
