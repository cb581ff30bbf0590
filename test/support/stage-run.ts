import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Json } from '../../src/core/canonical-json.js';
import { sha256File } from '../../src/core/digest.js';
import type { StageEvent } from '../../src/core/events.js';
import { Rng } from '../../src/core/rng.js';
import { loadExperiment } from '../../src/experiment/load.js';
import { planExperiment, type ExperimentPlan } from '../../src/experiment/plan.js';
import { planKeys } from '../../src/pipeline/key.js';
import type { Runtime, StageDefinition } from '../../src/pipeline/stage.js';
import { stages } from '../../src/stages/index.js';
import { testEngineDir } from './engine.js';

/** The outputs of a stage that ran, by file name and SHA-256, and what it said. */
export interface Produced {
  readonly folder: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly events: readonly StageEvent[];
}

export interface StageRun {
  readonly params: Json;
  /** Role -> folder of the producer. */
  readonly inputs?: Readonly<Record<string, { readonly folder: string }>>;
  readonly seed?: number;
  readonly stream?: string;
  readonly signal?: AbortSignal;
  readonly runtime?: Partial<Runtime>;
  readonly checkpointDir?: string;
  readonly onEvent?: (event: StageEvent) => void;
}

/**
 * Runs one stage in this process, with what it declares and nothing else: no engine, no random numbers and no file
 * that it does not say it needs, as in a worker.
 * @param folder an empty one for its outputs
 */
export async function runStage(stage: StageDefinition, folder: string, run: StageRun): Promise<Produced> {
  const { params, inputs = {}, seed = 1, stream = stage.name, runtime = {} } = run;
  const events: StageEvent[] = [];
  const checkpointDir = run.checkpointDir ?? `${folder}-checkpoint`;
  await mkdir(folder, { recursive: true });
  await mkdir(checkpointDir, { recursive: true });
  const rng = new Rng(seed, stream);
  await stage.run({
    params,
    input: (role, file) => {
      if (!inputs[role])
        throw new Error(`${stage.name} asks for the input "${role}", which it was not given`);
      return join(inputs[role].folder, file);
    },
    output: (file) => {
      if (!stage.outputs.includes(file)) throw new Error(`${stage.name} does not declare the output ${file}`);
      return join(folder, file);
    },
    checkpointDir,
    get rng() {
      if (!stage.random) throw new Error(`${stage.name} draws without declaring "random"`);
      return rng;
    },
    emit: (event) => {
      events.push(event);
      run.onEvent?.(event);
    },
    signal: run.signal ?? new AbortController().signal,
    runtime: {
      ...(stage.engine ? { engineDir: testEngineDir() } : {}),
      files: {},
      cores: 1,
      memoryBytes: 1e9,
      ...runtime,
    },
  });
  const outputs: Record<string, string> = {};
  for (const file of (await readdir(folder)).sort()) outputs[file] = await sha256File(join(folder, file));
  return { folder, outputs, events };
}

/** An experiment of every stage and method that runs in seconds. */
export const tinyExperiment = `name: tiny
repeats: 1
dataset: { name: shapes, train: 256, test: 40 }
network: { name: allconvnet, width: 0.05, pretrain: { epochs: 2 } }
noise: { types: [gaussian_noise], severities: [1, 3, 5] }
split: { failures: 10 }
probe: { epochs: 1 }
search: { candidates: 3, steps: 2, batch: 16, scoreSamples: 8, nodes: 3 }
train: { epochs: 2 }
baseline: { epochs: 1 }
environmentPatch:
  environmentGate: { steps: 20 }
  environmentModel: { steps: 3, cleanBatch: 8, noisyBatch: 8 }
  training: { steps: 4, batch: 16 }
methods: [patchnas, original, reseed, patch-random, gate-always, finetune]
`;

/** The plan of an experiment's text. */
export async function planOf(text: string, sets: readonly string[] = []): Promise<ExperimentPlan> {
  const folder = await mkdtemp(join(tmpdir(), 'patchnas-plan-'));
  try {
    await writeFile(join(folder, 'experiment.yaml'), text);
    return await planExperiment(await loadExperiment(join(folder, 'experiment.yaml'), sets));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Any engine id does for keys that are compared; this one never comes from a machine. */
export const standInEngine = {
  tfjs: '0.0.0',
  tensorflow: '0.0.0',
  device: 'cpu',
  instructionSet: 'stand-in',
  threads: 1,
  precision: 'float32',
};

/** Key of every task of a plan, in the order in which they run. */
export function keysOf(plan: ExperimentPlan, seed = 1): Map<string, string> {
  const keyed = planKeys(plan.tasks, stages, { seed, engineId: standInEngine });
  return new Map(keyed.map(({ task, address }) => [task.id, address!.key]));
}

/** Runs the tasks of a plan one after the other, each in a folder of its own below `root`. */
export async function runPlan(
  plan: ExperimentPlan,
  root: string,
  { seed = 1, runtime = {} }: { readonly seed?: number; readonly runtime?: Partial<Runtime> } = {},
): Promise<Map<string, Produced>> {
  const produced = new Map<string, Produced>();
  for (const { task, stage } of planKeys(plan.tasks, stages, { seed, engineId: standInEngine })) {
    const inputs = Object.fromEntries(
      Object.entries(task.inputs).map(([role, id]) => [role, produced.get(id)!]),
    );
    const folder = join(root, task.id.replaceAll('/', '.'));
    const files = { ...plan.files, [plan.datasetDigest]: '' };
    produced.set(
      task.id,
      await runStage(stage, folder, {
        params: task.params,
        inputs,
        seed,
        ...(task.stream === undefined ? {} : { stream: task.stream }),
        runtime: { files, ...runtime },
      }),
    );
  }
  return produced;
}
