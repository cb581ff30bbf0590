import { InternalError } from '../core/errors.js';
import type { Rng } from '../core/rng.js';

export interface SplitRequest {
  /** [n] which clean image each noisy sample was made from. */
  readonly baseImage: Uint32Array;
  /** [n] 1 where the original network is wrong. */
  readonly isFailure: Uint8Array;
  /** Share of the samples that becomes D_u. */
  readonly unlabeled: number;
  /** Size of D_e. */
  readonly failures: number;
  /** `image` keeps all samples of one clean image in one of D_u, D_e and the rest. */
  readonly groupBy: 'none' | 'image';
  /**
   * D_u is drawn from the samples from this one on, which are not like the others, and all else from those before it.
   * Needs `groupBy: image`, so that D_u shares no clean image with the rest.
   */
  readonly seenFrom?: number;
  /** Only so many samples of D_u are kept. */
  readonly samples?: number;
  readonly rng: Rng;
}

/** Indices into the environment's samples, each part sorted. */
export interface SampleSplit {
  /** D_u */
  readonly unlabeled: Uint32Array;
  /** D_e */
  readonly failures: Uint32Array;
  /** D_s */
  readonly heldOut: Uint32Array;
  /** Rightly classified samples of the labelled half. */
  readonly right: Uint32Array;
  readonly proof: SplitProof;
}

/** Counts, and in how far the parts are apart: by sample always, by clean image only where `groupBy` is `image`. */
export interface SplitProof {
  readonly samples: number;
  readonly unlabeled: number;
  readonly failures: number;
  readonly heldOut: number;
  readonly rightlyClassified: number;
  readonly samplesInTwoParts: number;
  readonly heldOutSharingImageWithFailures: number;
  readonly heldOutSharingImageWithUnlabeled: number;
}

/**
 * Divides samples into D_u, D_e, D_s and the rightly classified rest. With `groupBy: image` D_e is drawn image by
 * image, and the other samples of its images go to none of the parts.
 */
export function splitSamples({
  baseImage,
  isFailure,
  unlabeled,
  failures,
  groupBy,
  seenFrom,
  samples,
  rng,
}: SplitRequest): SampleSplit {
  const count = baseImage.length;
  const group = groupBy === 'image' ? baseImage : Uint32Array.from({ length: count }, (_, n) => n);
  const groups = [...new Set(group)];
  const shuffled = rng.child('unlabeled').permutation(groups.length);
  const inUnlabeled = new Set(
    Array.from(shuffled.subarray(0, Math.round(groups.length * unlabeled)), (k) => groups[k]!),
  );

  const all = Array.from({ length: count }, (_, n) => n);
  const seen = all.filter((n) => n >= (seenFrom ?? 0) && inUnlabeled.has(group[n]!));
  const labelled = all.filter((n) => n < (seenFrom ?? count) && !inUnlabeled.has(group[n]!));
  const labelledFailures = labelled.filter((n) => isFailure[n] === 1);
  const order = rng.child('failures').permutation(labelledFailures.length);
  const chosen = new Set<number>();
  const chosenGroups = new Set<number>();
  for (const k of order) {
    if (chosen.size === failures) break;
    const n = labelledFailures[k]!;
    if (chosenGroups.has(group[n]!)) continue; // one sample of an image is enough where images are kept together
    chosen.add(n);
    chosenGroups.add(group[n]!);
  }
  const rest = labelled.filter((n) => !chosenGroups.has(group[n]!));
  const parts = {
    unlabeled: samples === undefined ? Uint32Array.from(seen) : someOf(seen, samples, rng.child('seen')),
    failures: Uint32Array.from(chosen).sort(),
    heldOut: Uint32Array.from(rest.filter((n) => isFailure[n] === 1)),
    right: Uint32Array.from(rest.filter((n) => isFailure[n] === 0)),
  };
  return { ...parts, proof: prove(parts, baseImage, groupBy) };
}

/** So many of the samples, in their order; all of them where there are fewer. */
function someOf(samples: readonly number[], count: number, rng: Rng): Uint32Array {
  const chosen = rng.sample(samples.length, Math.min(count, samples.length));
  return Uint32Array.from(chosen, (k) => samples[k]!).sort();
}

function prove(
  parts: Omit<SampleSplit, 'proof'>,
  baseImage: Uint32Array,
  groupBy: 'none' | 'image',
): SplitProof {
  const imagesOf = (indices: Uint32Array) => new Set(Array.from(indices, (n) => baseImage[n]!));
  const sharing = (indices: Uint32Array, images: ReadonlySet<number>) =>
    indices.reduce((sum, n) => sum + (images.has(baseImage[n]!) ? 1 : 0), 0);
  const lists = [parts.unlabeled, parts.failures, parts.heldOut, parts.right];
  const placed = lists.reduce((sum, list) => sum + list.length, 0);
  const proof = {
    samples: baseImage.length,
    unlabeled: parts.unlabeled.length,
    failures: parts.failures.length,
    heldOut: parts.heldOut.length,
    rightlyClassified: parts.right.length,
    samplesInTwoParts: placed - new Set(lists.flatMap((list) => [...list])).size,
    heldOutSharingImageWithFailures: sharing(parts.heldOut, imagesOf(parts.failures)),
    heldOutSharingImageWithUnlabeled: sharing(parts.heldOut, imagesOf(parts.unlabeled)),
  };
  const mustBeZero = [
    proof.samplesInTwoParts,
    ...(groupBy === 'image'
      ? [proof.heldOutSharingImageWithFailures, proof.heldOutSharingImageWithUnlabeled]
      : []),
  ];
  if (mustBeZero.some((shared) => shared !== 0))
    throw new InternalError('the parts of a split overlap', { code: 'PN120', where: JSON.stringify(proof) });
  return proof;
}
