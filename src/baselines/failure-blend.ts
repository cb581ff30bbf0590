import type { Rng } from '../core/rng.js';
import { addWeighted, applyChain, drawChain, drawWeights, type Chain } from '../nn/augmix/mixture.js';
import type { ImageSize } from '../nn/augmix/operation.js';
import type { Mix } from '../nn/augmix/views.js';
import type { Images } from '../nn/batch.js';
import { drawPoint, fitMixture, mixtureOfClusters, type GaussianMixture } from './math/gaussian-mixture.js';
import { drawCentres, kMeans } from './math/k-means.js';
import { fitPca, unwhiten, whiten, type Pca } from './math/pca.js';
import { pointsOf } from './points.js';

/** What failures look like: a Gaussian mixture of their whitened principal components. */
export interface FailureModel {
  readonly pca: Pca;
  readonly mixture: GaussianMixture;
}

export interface FailureModelOptions {
  /** Principal components. */
  readonly dimensions: number;
  /** Normal distributions; as many as there are failures where these are fewer. */
  readonly components: number;
}

/** Of the variances of whitened numbers, which are 1 on average. */
const floor = 1e-4;

/**
 * Fits the failures' bytes, divided by 255. Expectation maximisation starts from the clusters of K-means.
 * @param failures [n, height, width, 3], n at least 2
 */
export function fitFailures(failures: Images, options: FailureModelOptions, rng: Rng): FailureModel {
  const points = pointsOf(failures);
  const pca = fitPca(points, options.dimensions);
  const white = whiten(pca, points);
  const k = Math.min(options.components, points.shape[0]!);
  const { labels } = kMeans(white, drawCentres(rng, white, k));
  const start = mixtureOfClusters(white, labels, k, floor);
  return { pca, mixture: fitMixture(white, start, { floor, iterations: 100, tolerance: 1e-3 }) };
}

/** An image [height, width, 3] that looks like the failures. */
export function drawFailure(rng: Rng, { pca, mixture }: FailureModel): Uint8Array {
  const point = unwhiten(pca, drawPoint(rng, mixture));
  const image = new Uint8Array(point.length);
  for (let i = 0; i < point.length; i++) image[i] = Math.round(255 * Math.max(0, Math.min(1, point[i]!)));
  return image;
}

/** Every random number of a mixture: AugMix's, and a fourth part that holds some of an image like the failures. */
export interface FailureBlend {
  /** Share of the parts against that of the image itself, 0 to 1. */
  readonly share: number;
  readonly chains: readonly Chain[];
  /** Of each chain, then of the part with the failure; they add up to 1. */
  readonly weights: readonly number[];
  /** How much of the fourth part is the failure, 0 to 1; the rest is the image. */
  readonly failureShare: number;
  /** [height, width, 3] */
  readonly failure: Uint8Array;
}

export function drawFailureBlend(rng: Rng, size: ImageSize, model: FailureModel): FailureBlend {
  const weights = drawWeights(rng, 4);
  const share = rng.double(); // Beta(1, 1)
  const chains = [0, 1, 2].map(() => drawChain(rng, size));
  const failureShare = Math.min(rng.double(), rng.double(), rng.double()); // Beta(1, 3)
  return { share, chains, weights, failureShare, failure: drawFailure(rng, model) };
}

/** @param out [height, width, 3], normalised by `tables`, written whole */
export function applyFailureBlend(
  image: Uint8Array,
  size: ImageSize,
  { share, chains, weights, failureShare, failure }: FailureBlend,
  tables: readonly Float32Array[],
  out: Float32Array,
): void {
  out.fill(0);
  const part = share * weights[chains.length]!;
  addWeighted(image, 1 - share + part * (1 - failureShare), tables, out);
  addWeighted(failure, part * failureShare, tables, out);
  chains.forEach((chain, k) => addWeighted(applyChain(image, size, chain), share * weights[k]!, tables, out));
}

export function failureBlendMix(model: FailureModel): Mix {
  return ({ bytes, size, tables }, rng, out) =>
    applyFailureBlend(bytes, size, drawFailureBlend(rng, size, model), tables, out);
}
