import { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { loadModule } from '../nn/checkpoint.js';
import { joinModules } from '../nn/parameter.js';
import { buildProbes, type Probe } from '../repair/probe.js';

/** The probes that a `probe` stage trained for this network. */
export async function openProbes(engine: Engine, network: Network, path: string): Promise<Probe[]> {
  const probes = buildProbes(engine, new Rng(0, 'overwritten'), network);
  await loadModule(engine, path, joinModules(probes));
  return probes;
}
