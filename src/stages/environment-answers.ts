import { readFile } from 'node:fs/promises';

import type { EnvironmentGateKind } from '../baselines/index.js';
import { readNpy } from '../core/npy.js';
import { classifyFlagged } from '../environment/answers.js';
import { aboveThreshold } from '../environment/gate.js';
import { gather, type Images } from '../nn/batch.js';
import type { StageContext } from '../pipeline/stage.js';
import { summedScores } from '../repair/gate.js';
import { resolveSigma } from '../repair/sigma.js';
import type { ParameterCounts, SampleCounts } from '../report/index.js';
import { openAddOn, readAddOnRecord } from './add-on.js';
import { countArrays } from './count-arrays.js';
import type { EnvironmentGateRecord } from './environment-gate.js';
import type { Answers } from './patched-answers.js';
import { stageEngine } from './stage-engine.js';

export type EnvironmentGating = {
  readonly gate: EnvironmentGateKind;
  /** Of clean images' scores. */
  readonly quantile: number;
};

interface Flags {
  /** Of the whole environment. */
  readonly noisy: Uint8Array;
  readonly clean: Uint8Array;
}

/** The original's answers, and the add-on's where the gate fires. */
export async function environmentAnswers(
  context: Pick<StageContext, 'input' | 'runtime' | 'emit' | 'signal'>,
  noisyRows: readonly number[],
  original: Pick<Answers, 'noisy' | 'clean'>,
  gating: EnvironmentGating,
): Promise<Answers> {
  const { input, emit, signal } = context;
  const engine = await stageEngine(context);
  const addOn = await openAddOn(engine, context);
  const answer = (images: Images, classes: Uint8Array, flagged: Uint8Array): Promise<Uint8Array> =>
    classifyFlagged(engine, addOn, images, classes, flagged, (done, total) => {
      signal.throwIfAborted();
      emit({ type: 'progress', done, total, unit: 'images' });
    });
  const images = await readNpy<Uint8Array>(input('corrupt', 'images.npy'));
  const test = await readNpy<Uint8Array>(input('dataset', 'test-images.npy'));
  const flags = await flagsOf(context, gating, { noisy: images.shape[0]!, clean: test.shape[0]! });
  const flaggedNoisy = Uint8Array.from(noisyRows, (n) => flags.noisy[n]!);
  return {
    noisy: await answer(gather(images, noisyRows), original.noisy, flaggedNoisy),
    clean: await answer(test, original.clean, flags.clean),
    flaggedNoisy,
    flaggedClean: flags.clean,
  };
}

async function flagsOf(
  { input }: Pick<StageContext, 'input'>,
  { gate, quantile }: EnvironmentGating,
  counts: { readonly noisy: number; readonly clean: number },
): Promise<Flags> {
  const read = async (role: string, file: string): Promise<Float32Array> =>
    (await readNpy<Float32Array>(input(role, file))).data;
  /** Above the quantile over those images of D_t that no gate has learned from. */
  const above = (train: ArrayLike<number>, noisy: Float32Array, clean: Float32Array): Flags => {
    const threshold = resolveSigma({ quantile }, Float64Array.from(train));
    return { noisy: aboveThreshold(noisy, threshold), clean: aboveThreshold(clean, threshold) };
  };
  switch (gate) {
    case 'always':
      return { noisy: new Uint8Array(counts.noisy).fill(1), clean: new Uint8Array(counts.clean).fill(1) };
    case 'oracle':
      return { noisy: new Uint8Array(counts.noisy).fill(1), clean: new Uint8Array(counts.clean) };
    case 'environment': {
      const train = await read('environment-gate', 'scores-train.npy');
      const others = (await readNpy<Uint32Array>(input('environment-gate', 'others.npy'))).data;
      return above(
        Array.from(others, (n) => train[n]!),
        await read('environment-gate', 'scores-noisy.npy'),
        await read('environment-gate', 'scores-test.npy'),
      );
    }
    case 'confidence': {
      const doubt = async (role: string): Promise<Float32Array> =>
        (await read(role, 'confidence.npy')).map((share) => -share);
      return above(await doubt('observe-train'), await doubt('observe'), await doubt('observe-test'));
    }
    case 'fisher': {
      const { shape } = await readNpy<Float32Array>(input('gate', 'scores-train.npy'));
      const summed = async (part: string): Promise<Float64Array> =>
        summedScores(await read('gate', `scores-${part}.npy`), shape[1]!);
      const samples = (await readNpy<Uint32Array>(input('localize', 'samples.npy'))).data;
      const failures = (await readNpy<Uint32Array>(input('split', 'failures.npy'))).data.length;
      const learned = new Set(samples.subarray(failures));
      const [noisy, clean] = [await summed('noisy'), await summed('test')];
      return above(
        (await summed('train')).filter((_, n) => !learned.has(n)),
        Float32Array.from(noisy),
        Float32Array.from(clean),
      );
    }
  }
}

/** What the repair cost: parameters beside those of the original network, and training samples. */
export async function environmentCosts(
  context: Pick<StageContext, 'input'>,
  { gate }: EnvironmentGating,
): Promise<{ parameters: Omit<ParameterCounts, 'original'>; samples: Omit<SampleCounts, 'trainingSet'> }> {
  const { parameters, samples } = await readAddOnRecord(context);
  const gating = await gateCosts(context, gate);
  return {
    parameters: {
      probesAndGate: gating.parameters,
      patch: parameters.transferred,
      buffers: gating.buffers,
      trained: gating.trained + parameters.trained,
      transferred: gating.parameters + parameters.transferred,
    },
    samples: { failures: samples.failures, triggered: samples.training, unlabeled: samples.unlabeled },
  };
}

async function gateCosts(
  { input }: Pick<StageContext, 'input'>,
  gate: EnvironmentGateKind,
): Promise<{ readonly parameters: number; readonly trained: number; readonly buffers: number }> {
  switch (gate) {
    case 'environment': {
      const { parameters } = JSON.parse(
        await readFile(input('environment-gate', 'environment-gate.json'), 'utf8'),
      ) as EnvironmentGateRecord;
      return { parameters, trained: parameters, buffers: 0 };
    }
    case 'fisher': {
      const { parameters } = JSON.parse(await readFile(input('gate', 'gate.json'), 'utf8')) as {
        readonly parameters: number;
      };
      const probes = await countArrays(input('probe', 'probes.safetensors'));
      return { parameters: parameters + probes.parameters, trained: parameters, buffers: probes.buffers };
    }
    case 'confidence': // one threshold
      return { parameters: 1, trained: 0, buffers: 0 };
    default:
      return { parameters: 0, trained: 0, buffers: 0 };
  }
}
