import { methods } from '../baselines/index.js';
import { findEntry } from '../core/entry.js';
import type { DatasetShape } from '../datasets/dataset.js';
import { referenceStepSeconds } from '../networks/reference-times.js';
import { referenceMs } from '../noises/reference-times.js';
import type { Task } from '../pipeline/stage.js';
import type { Experiment } from './schema.js';

/** How many images there are. */
export type ImageCounts = Pick<DatasetShape, 'train' | 'test' | 'width'> & {
  /** At each severity of an environment. */
  readonly noisy: number;
};

/**
 * The order of size of a task's wall time on two CPU cores, in milliseconds, where nothing was measured: images times
 * passes through the network, from the measured training step. A forward pass is a third of a step. What passes few
 * images has none, nor has a network without a measured step.
 */
export function roughTimes(
  experiment: Experiment,
  counts: ImageCounts,
): (task: Pick<Task, 'stage' | 'params'>) => number | undefined {
  const { dataset, noise, split, search, train, probe, baseline, environmentPatch } = experiment;
  const step = trainedImageMs(experiment.network);
  if (step === undefined) return () => undefined;
  const forward = step / 3;
  const limited = (limit: number | 'all', all: number): number =>
    limit === 'all' ? all : Math.min(limit, all);
  const images = limited(dataset.trainSubset, counts.train);
  const corrupted = limited(noise.images, counts.noisy);
  const noisy = corrupted * noise.severities.length;
  const unlabeled = noisy * split.unlabeled;

  const ofBaseline = (name: string, own: MixingParameters): number => {
    const { form } = findEntry(methods, name).recipe as { readonly form?: string };
    if (form === 'unlabeled')
      return name === 'tent'
        ? unlabeled * (baseline as { tent?: { epochs: number } }).tent!.epochs * step
        : unlabeled * forward;
    const passed =
      baseline.steps === 'epochs'
        ? baseline.epochs * (limited(baseline.trainSubset, images) + split.failures)
        : baseline.steps * baseline.batch;
    if (name === 'head-only') return passed * forward;
    if (!/^(augmix|fsgmix|deeprepair)/.test(name)) return passed * step;
    const { mixedShare = 1, jensenShannon = true } = own;
    return passed * step * (jensenShannon ? 1 + 2 * mixedShare : 1);
  };

  return ({ stage, params }) => {
    const given = params as Readonly<Record<string, unknown>>;
    switch (stage) {
      case 'pretrain': {
        const { kind, epochs, augmix } = given['source'] as PretrainSource;
        return kind === 'file' ? 0 : epochs * images * step * (augmix?.jensenShannon ? 3 : 1);
      }
      case 'corrupt': {
        const names = given['noises'] as readonly string[];
        const ms = names.reduce((sum, name) => sum + (referenceMs[name] ?? 0), 0) / names.length;
        return (noisy * ms * (counts.width / 32) ** 2) / 2;
      }
      case 'observe': {
        const passed = { train: images, test: counts.test, noisy };
        return passed[given['images'] as keyof typeof passed] * forward;
      }
      case 'probe':
        return probe.epochs * limited(probe.samples, images) * forward;
      case 'localize':
        return 2 * split.failures * step;
      case 'search': {
        const { tasks, steps, batch, candidates, scoreSamples } = search;
        const scored = candidates * scoreSamples * 2 * forward;
        return tasks.length * (steps * (hyperPatchMs + batch * step) + scored);
      }
      case 'train': // one clean image in twenty triggers the gate
        return train.epochs * (split.failures + images / 20) * step;
      case 'environment-model': {
        const { steps, cleanBatch, components } = environmentPatch.environmentModel;
        return steps * (cleanBatch * components) ** 2 * pairMs;
      }
      case 'add-on': // the filters behind the convolutions add a third
        return (given['steps'] as number) * (given['batch'] as number) * step * 1.3 + unlabeled * forward;
      case 'evaluate': {
        const { kind } = given['recipe'] as { readonly kind: string };
        return kind === 'patch' || kind === 'add-on' ? (noisy - unlabeled) * forward : undefined;
      }
      case 'baseline':
        return ofBaseline(
          (given['method'] as { readonly name: string }).name,
          given['params'] as MixingParameters,
        );
      default:
        return undefined;
    }
  };
}

/** Milliseconds of a hyper-patch step beside its images: it is hundreds of small operations. */
const hyperPatchMs = 150;

/** Milliseconds of a step of the environment model for each pair of its points. */
const pairMs = 6e-5;

/** Those of a compared method's parameters that tell how many views of an image it trains on. */
interface MixingParameters {
  readonly mixedShare?: number;
  readonly jensenShannon?: boolean;
}

interface PretrainSource {
  readonly kind: 'train' | 'file';
  readonly epochs: number;
  readonly augmix?: { readonly jensenShannon: boolean };
}

/** Forward and backward pass of one image; beside the width, work grows with the depth. */
function trainedImageMs(network: Experiment['network']): number | undefined {
  const { name, width } = network;
  const seconds = referenceStepSeconds(name, width);
  if (seconds === undefined) return undefined;
  const {
    blocks = 6,
    layers = 16,
    stemStride = 2,
  } = network as {
    readonly blocks?: number;
    readonly layers?: number;
    readonly stemStride?: number;
  };
  return ((seconds * 1000) / 128) * (blocks / 6) * (layers / 16) ** 2 * (2 / stemStride) ** 2;
}
