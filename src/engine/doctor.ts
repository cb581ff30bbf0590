import { treeSize } from '../core/tree-size.js';
import { listEngines, resolveDevice } from './engines.js';
import { findTools, installText, type Tool } from './find-tools.js';
import { nvidiaCards, nvidiaDriver } from './hardware.js';
import { type Build, minimalDriver } from './pins.js';
import { otherWay, type Platform, platformProblem, thisPlatform } from './platform.js';
import { type Probe, probeEngine } from './probe.js';
import { installUtilShims } from './util-shims.js';

/** An engine that was found, and what came of loading it. */
export interface EngineFinding {
  readonly dir: string;
  readonly build: Build;
  readonly tfjs: string;
  readonly tensorflow: string;
  /** Name and version of the CUDA libraries in its folder; empty for a CPU. */
  readonly libraries: readonly string[];
  readonly sizeBytes: number;
  readonly probe: Probe;
  readonly works: boolean;
}

/** Everything about this machine that an engine depends on. */
export interface Diagnosis {
  readonly node: { readonly version: string; readonly shims: readonly string[] };
  readonly platform: Platform;
  readonly platformProblem: string | undefined;
  readonly tools: readonly Tool[];
  readonly gpu: {
    readonly cards: readonly string[];
    readonly driver: string | undefined;
    readonly minimalDriver: string;
  };
  /** What `auto` is here. */
  readonly device: 'cpu' | 'gpu';
  readonly engines: readonly EngineFinding[];
  /** True when the engine for `device` works. */
  readonly works: boolean;
  /** What to do where it does not. */
  readonly cure: string | undefined;
}

/** Looks at everything and loads every engine once, each in a process of its own. Changes nothing. */
export async function diagnose(cacheDir: string, signal?: AbortSignal): Promise<Diagnosis> {
  const platform = thisPlatform();
  const device = resolveDevice('auto');
  const engines = await findAll(cacheDir, signal);
  const facts = {
    platformProblem: platformProblem(platform),
    tools: await findTools(),
    device,
    engines,
  };
  const cure = cureFor(facts);
  return {
    node: { version: process.versions.node, shims: installUtilShims() },
    platform,
    gpu: { cards: nvidiaCards(), driver: nvidiaDriver(), minimalDriver },
    ...facts,
    works: cure === undefined,
    cure,
  };
}

async function findAll(cacheDir: string, signal?: AbortSignal): Promise<EngineFinding[]> {
  const findings: EngineFinding[] = [];
  for (const { dir, record } of listEngines(cacheDir)) {
    const probe = await probeEngine(dir, signal);
    const { build, tfjs, tensorflow } = record;
    findings.push({
      dir,
      build,
      tfjs,
      tensorflow,
      libraries: record.wheels.slice(1).map(({ name, version }) => `${name} ${version}`),
      sizeBytes: await treeSize(dir),
      probe,
      works:
        probe.loads && probe.problems.length === 0 && probe.device === (build === 'cuda' ? 'gpu' : 'cpu'),
    });
  }
  return findings;
}

/** What to do so that the engine for the device works; undefined where it does. */
export function cureFor({
  platformProblem,
  tools,
  device,
  engines,
}: Pick<Diagnosis, 'platformProblem' | 'tools' | 'device' | 'engines'>): string | undefined {
  const build: Build = device === 'gpu' ? 'cuda' : 'cpu';
  const candidates = engines.filter((engine) => engine.build === build);
  if (candidates.some(({ works }) => works)) return undefined;
  if (candidates[0])
    return device === 'gpu' && candidates[0].probe.loads
      ? `TensorFlow does not use the GPU: its CUDA 12 libraries need an NVIDIA driver of ${minimalDriver} or later.\nOn the CPU: patchnas setup --device cpu`
      : `Remove ${candidates[0].dir} and run: patchnas setup`;
  if (platformProblem !== undefined) return `${capital(platformProblem)}.\n${otherWay}`;
  const missing = tools.filter(({ version }) => version === undefined).map(({ name }) => name);
  if (missing.length > 0)
    return `Install ${missing.join(', ')}, then run: patchnas setup\n${installText}\n${otherWay}`;
  return 'Run: patchnas setup';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
