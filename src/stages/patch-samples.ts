import { readNpy } from '../core/npy.js';
import { gather, type Images } from '../nn/batch.js';
import type { StageContext } from '../pipeline/stage.js';
import { doubts, resolveDoubt } from '../repair/doubt.js';
import { decide, summedScores } from '../repair/gate.js';
import type { PatchSamples } from '../repair/patch-training.js';
import { resolveSigma, type SigmaSetting } from '../repair/sigma.js';

export interface ResolvedSamples {
  /** D_e, then the samples of D_t that trigger. */
  readonly samples: PatchSamples;
  /** Summed prediction above which a sample goes through the patch. */
  readonly threshold: number;
  /** Where confidence decides instead: the doubt above which a sample goes through the patch. */
  readonly doubtThreshold: number | undefined;
  /** Rows of D_e in the environment. */
  readonly failures: Uint32Array;
  readonly triggered: number;
}

/**
 * Resolves sigma and gathers what a patch learns from.
 * @param fixedStage sends every sample to this stage (0 the first) instead of the one with the largest prediction
 */
export async function patchSamples(
  { input }: Pick<StageContext, 'input'>,
  sigma: SigmaSetting,
  flagged: 'gate' | 'confidence',
  stages: number,
  fixedStage: number | undefined,
): Promise<ResolvedSamples> {
  const learnedFrom = (await readNpy<Uint32Array>(input('localize', 'samples.npy'))).data;
  const failures = (await readNpy<Uint32Array>(input('split', 'failures.npy'))).data;
  const trainScores = (await readNpy<Float32Array>(input('gate', 'scores-train.npy'))).data;
  const noisyScores = (await readNpy<Float32Array>(input('gate', 'scores-noisy.npy'))).data;

  const learned = new Set(learnedFrom.subarray(failures.length));
  const isHeldOut = (_: number, n: number): boolean => !learned.has(n);
  const summed = summedScores(trainScores, stages).filter(isHeldOut);
  const threshold = resolveSigma(sigma, summed);
  const ofTrain = decide(trainScores, stages, threshold, fixedStage);
  const ofNoisy = decide(noisyScores, stages, threshold, fixedStage);
  let isTriggered = (n: number): boolean => ofTrain.flagged[n] === 1;
  let doubtThreshold: number | undefined;
  if (flagged === 'confidence') {
    const { data, shape } = await readNpy<Float32Array>(input('observe-train', 'logits.npy'));
    const doubt = doubts(data, shape[1]!);
    const limit = resolveDoubt(sigma, summed, doubt.filter(isHeldOut));
    isTriggered = (n) => doubt[n]! > limit;
    doubtThreshold = limit;
  }
  const triggered = Array.from(ofTrain.flagged.keys()).filter(isTriggered);

  const noisyImages = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
  const noisyLabels = (await readNpy<Uint8Array>(input('corrupt', 'label.npy'))).data;
  const trainImages = await readNpy<Uint8Array>(input('dataset', 'train-images.npy'));
  const trainLabels = (await readNpy<Uint8Array>(input('dataset', 'train-labels.npy'))).data;
  const samples: PatchSamples = {
    images: join(gather(noisyImages, failures), gather(trainImages, triggered)),
    labels: Uint8Array.from([
      ...Array.from(failures, (n) => noisyLabels[n]!),
      ...triggered.map((n) => trainLabels[n]!),
    ]),
    stage: Uint8Array.from([
      ...Array.from(failures, (n) => ofNoisy.stage[n]!),
      ...triggered.map((n) => ofTrain.stage[n]!),
    ]),
    isFailure: Uint8Array.from({ length: failures.length + triggered.length }, (_, k) =>
      k < failures.length ? 1 : 0,
    ),
  };
  return { samples, threshold, doubtThreshold, failures, triggered: triggered.length };
}

function join(a: Images, b: Images): Images {
  const data = new Uint8Array(a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { shape: [a.shape[0]! + b.shape[0]!, ...a.shape.slice(1)], data };
}
