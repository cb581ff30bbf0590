import { DataError } from '../core/errors.js';
import { findEntry } from '../core/entry.js';
import { Rng } from '../core/rng.js';
import { readSafetensors } from '../core/safetensors.js';
import type { Engine } from '../engine/engine.js';
import { networks } from '../networks/index.js';
import type { Network } from '../networks/network.js';
import type { Normalisation } from '../nn/batch.js';
import { assignTensors } from '../nn/checkpoint.js';

/** What a weights file says of itself, so that every stage can open it without the experiment. */
export type NetworkDescription = {
  readonly network: {
    readonly name: string;
    readonly params: Readonly<Record<string, string | number | boolean>>;
  };
  readonly classes: number;
};

export async function buildNetwork(
  engine: Engine,
  description: NetworkDescription,
  normalisation: Normalisation,
  rng: Rng,
): Promise<Network> {
  const { network, classes } = description;
  const code = await findEntry(networks, network.name).load();
  return code.build(engine, rng, { params: network.params, classes, normalisation });
}

/** The safetensors metadata of a network: JSON in each value, since the format has strings only. */
export function networkMetadata(
  { network, classes }: NetworkDescription,
  normalisation: Normalisation,
): Record<string, string> {
  return {
    network: JSON.stringify(network),
    classes: String(classes),
    normalisation: JSON.stringify(normalisation),
  };
}

/** The normalisation stored in a weights file. @throws {DataError} PN325 when there is none */
export function readNormalisation(metadata: Readonly<Record<string, string>>, path: string): Normalisation {
  const normalisation = parseNormalisation(metadata['normalisation']);
  if (normalisation === undefined) {
    throw new DataError('the weights file does not say how its images are normalised', {
      code: 'PN325',
      where: path,
      fix: 'Store it in the file\'s metadata: normalisation = {"mean":[0.5,0.5,0.5],"std":[0.5,0.5,0.5]} for images scaled to -1 … 1.',
    });
  }
  return normalisation;
}

/** Three means and three deviations above 0, or undefined. */
function parseNormalisation(text = ''): Normalisation | undefined {
  try {
    const { mean, std } = JSON.parse(text) as Partial<Normalisation>;
    const isTriple = (values: unknown): values is number[] =>
      Array.isArray(values) && values.length === 3 && values.every((value) => Number.isFinite(value));
    return isTriple(mean) && isTriple(std) && std.every((value) => value > 0) ? { mean, std } : undefined;
  } catch {
    return undefined;
  }
}

/** A network with the weights of a file that a `pretrain` stage wrote. */
export async function openNetwork(engine: Engine, path: string): Promise<Network> {
  const { tensors, metadata } = await readSafetensors(path);
  const description: NetworkDescription = {
    network: JSON.parse(metadata['network']!) as NetworkDescription['network'],
    classes: Number(metadata['classes']),
  };
  const network = await buildNetwork(
    engine,
    description,
    readNormalisation(metadata, path),
    new Rng(0, 'overwritten'),
  );
  assignTensors(engine, network, tensors, path);
  return network;
}
