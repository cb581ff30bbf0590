import { readWeights } from '../core/weights-file.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { ownNames } from '../networks/reference-names.js';
import { assignTensors } from '../nn/checkpoint.js';
import type { StageContext } from '../pipeline/stage.js';
import { buildNetwork, readNormalisation, type NetworkDescription } from './network-file.js';

/** Weights that a person brings: known by their content; `runtime.files` says where they lie. */
export type FromFile = {
  readonly kind: 'file';
  readonly sha256: string;
  /** For files that do not say it themselves. */
  readonly normalisation?: { readonly mean: readonly number[]; readonly std: readonly number[] };
};

/**
 * The network with the weights of a file: ours, of a reference implementation, or of `torch.save`.
 * @throws {DataError} PN324 with every tensor that does not fit, PN325 and PN327 (normalisation), and those of
 *   `readWeights`
 */
export async function importWeights(
  engine: Engine,
  description: NetworkDescription,
  source: FromFile,
  { runtime, rng }: Pick<StageContext, 'runtime' | 'rng'>,
): Promise<Network> {
  const path = runtime.files[source.sha256]!;
  const { tensors, metadata } = await readWeights(path);
  const normalisation = readNormalisation(metadata, path, source.normalisation);
  const network = await buildNetwork(engine, description, normalisation, rng);
  assignTensors(engine, network, ownNames(network.name, tensors), path);
  return network;
}
