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

/**
 * How the images of a network are normalised: as its weights file says, or else as the experiment says.
 * @param given what the experiment says
 * @throws {DataError} PN325 neither says it, PN327 they disagree
 */
export function readNormalisation(
  metadata: Readonly<Record<string, string>>,
  path: string,
  given?: Normalisation,
): Normalisation {
  const stored = parseNormalisation(metadata['normalisation']);
  if (stored && given && JSON.stringify(stored) !== JSON.stringify({ mean: given.mean, std: given.std }))
    throw new DataError(
      `network.normalisation is ${shown(given)}, but the weights file was made with ${shown(stored)}`,
      { code: 'PN327', where: path, fix: 'Remove network.normalisation: the file says it itself.' },
    );
  const normalisation = stored ?? given;
  if (!normalisation)
    throw new DataError('the weights file does not say how its images are normalised', {
      code: 'PN325',
      where: path,
      fix:
        'Say in the experiment with which mean and deviation it was trained, of images from 0 to 1. For the AugMix code it is:\n' +
        `network.normalisation: ${shown({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] })}`,
    });
  return normalisation;
}

function shown({ mean, std }: Normalisation): string {
  return `{ mean: [${mean.join(', ')}], std: [${std.join(', ')}] }`;
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
