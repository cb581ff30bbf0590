import { rows } from '../nn/batch.js';
import type { Repaired, TuningContext } from './baseline.js';
import { fineTune } from './fine-tune.js';
import { mixingLoss } from './mixing-loss.js';
import type { DeeprepairParameters } from './parameters.js';
import { applyPixelStyle, pixelStyle } from './pixel-style.js';
import { preparedCopies, styledCopies, styleMix, type Restyle } from './style-mix.js';
import { drawReferences } from './style-references.js';
import { tuningPool } from './tuning-pool.js';
import { openWct2 } from './wct2-style.js';

/**
 * DeepRepair (Yu et al. 2021): AugMix with a tenth operation, which gives an image the style of a failure. Where its
 * code stops early by the loss on the clean test set, the budget of all methods holds.
 */
export async function tune(context: TuningContext): Promise<Repaired> {
  const { engine, failures, files, memoryBytes, rng, signal } = context;
  const { mixedShare: share, clusters, style, encoder, decoder } = context.params as DeeprepairParameters;
  const pool = tuningPool(context);
  const [, height, width] = pool.images.shape as [number, number, number];
  const references = drawReferences(rng.child('references'), failures.images, failures.labels, clusters).map(
    (n) => rows(failures.images, n, n + 1).data,
  );
  const copiesIn = (styles: readonly Restyle[]) =>
    styledCopies(pool.images, styles, rng.child('style'), memoryBytes);
  const loss = (copyOf: (index: number) => Uint8Array) =>
    mixingLoss(context, { jensenShannon: true, share, mix: styleMix(copyOf) });
  if (style === 'wct-pixel') {
    const copyOf = copiesIn(references.map((image) => pixelRestyle(image, height, width)));
    return fineTune(context, { pool, loss: loss(copyOf) });
  }
  // A check of the experiment file sees to it that both are there.
  const wct2 = await openWct2(engine, { encoder: files[encoder!]!, decoder: files[decoder!]! });
  try {
    const copyOf = copiesIn(references.map((image) => wct2.take(image, height, width)));
    const copies = preparedCopies(copyOf, signal);
    return await fineTune(context, { pool, loss: loss(copies.copyOf), prepare: copies.prepare });
  } finally {
    wct2.dispose();
  }
}

function pixelRestyle(reference: Uint8Array, height: number, width: number): Restyle {
  const style = pixelStyle(reference, height, width);
  return (image) => {
    const copy = new Uint8Array(image.length);
    applyPixelStyle(image, style, copy);
    return copy;
  };
}
