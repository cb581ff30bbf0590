import { readFile } from 'node:fs/promises';

import { Rng } from '../core/rng.js';
import type { Engine } from '../engine/engine.js';
import type { Network } from '../networks/network.js';
import { loadModule } from '../nn/checkpoint.js';
import { buildPatch, type Patch } from '../repair/patch.js';
import { parseStructure } from '../repair/structure.js';

/** The patch that a `train` stage made for this network. */
export async function openPatch(
  engine: Engine,
  network: Network,
  structurePath: string,
  weightsPath: string,
): Promise<Patch> {
  const structure = parseStructure(await readFile(structurePath, 'utf8'), structurePath);
  const patch = buildPatch(engine, new Rng(0, 'overwritten'), network, structure);
  await loadModule(engine, weightsPath, patch);
  return patch;
}
