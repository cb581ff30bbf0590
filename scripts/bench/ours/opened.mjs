import { homedir } from 'node:os';
import { join } from 'node:path';

import { Rng } from '../../../dist/core/rng.js';
import { findEngine } from '../../../dist/engine/engines.js';
import { openEngine } from '../../../dist/engine/load.js';
import { networks } from '../../../dist/networks/index.js';
import { forwardFrom } from '../../../dist/networks/network.js';
import { dropNothing } from '../../../dist/nn/dropout.js';
import { sampleImages } from '../../../dist/noises/measure.js';

/** The engine of this machine, in the row's precision (float32 unless given), and the row's network at full width, with fresh weights. */
export async function opened({ network: name, precision }) {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const found = findEngine(process.env.PATCHNAS_CACHE || join(cache, 'patchnas'), 'cpu');
  if (!found) throw new Error('no engine: run `npx patchnas setup --device cpu` first');
  const engine = await openEngine(found.dir, precision);
  const entry = networks.find((candidate) => candidate.name === name);
  const params = Object.fromEntries(
    Object.entries(entry.params.properties).map(([key, property]) => [key, property.default]),
  );
  const classes = entry.imageSize === 64 ? 200 : 10;
  const normalisation = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
  const rng = new Rng(1, 'bench');
  const network = (await entry.load()).build(engine, rng.child('network'), {
    params,
    classes,
    normalisation,
  });
  return { engine, network, rng };
}

/** As `opened`, with running statistics that fit the weights: as in a trained network, maps keep their size. */
export async function openedFrozen(spec) {
  const all = await opened(spec);
  const { engine, network } = all;
  for (let pass = 0; pass < 20; pass++) {
    engine.tf.tidy(() => {
      forwardFrom(network, images(engine, network, 8), 0, { training: true, dropout: dropNothing });
    });
  }
  return all;
}

/** [count, h, w, 3] in [-1, 1] */
export function images({ tf }, { inputShape }, count) {
  const { shape, data } = bytes({ inputShape }, count);
  return tf.tensor4d(
    Float32Array.from(data, (value) => value / 127.5 - 1),
    shape,
  );
}

/** Bytes [count, h, w, 3] */
export function bytes({ inputShape }, count) {
  return sampleImages(count, inputShape[0]);
}

export function labels({ classes }, count) {
  return Array.from({ length: count }, (_, n) => n % classes);
}

/** What the peer has to know of this network. */
export function factsOf({ probeChannels, patchChannels }) {
  return { probeChannels, patchChannels };
}
