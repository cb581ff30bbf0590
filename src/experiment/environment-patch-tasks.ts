import { labelOf, type MethodEntry } from '../baselines/index.js';
import type { Json } from '../core/canonical-json.js';
import { findEntry } from '../core/entry.js';
import { noises as noiseCatalogue } from '../noises/index.js';
import type { Task } from '../pipeline/stage.js';
import type { Variant } from './environment-patch-section.js';
import type { Environment } from './environments.js';
import type { Experiment } from './schema.js';
import { task } from './task.js';

/** A method of an experiment: an entry of the catalogue, or a variant of one that the experiment names. */
export type ChosenMethod = MethodEntry & { readonly variant?: Variant };

type Settings = Experiment['environmentPatch'];

const gateOracle = { isBound: true, note: 'knows which images are noisy: a bound, not a method' };
const styleOracle = { isBound: true, note: 'trains on the true noises: a bound, not a method' };

/** The entry, and behind `environment-patch` a row for each of its variants. */
export function withVariants(experiment: Experiment, entry: MethodEntry): ChosenMethod[] {
  if (entry.recipe.kind !== 'add-on') return [entry];
  const { environmentPatch } = experiment;
  const variants = Object.entries(environmentPatch.variants).map(([name, variant]): ChosenMethod => {
    const changes = Object.entries(variant).map(([key, value]) => `${key} ${value}`);
    return {
      ...entry,
      label: `${labelOf(entry)}-${name}`,
      summary: `${entry.summary} (${changes.join(', ') || 'as it is'})`,
      variant,
    };
  });
  return [entry, ...variants].map((method) => {
    const { gate, style } = settingsOf(experiment, method);
    if (gate === 'oracle') return { ...method, ...gateOracle };
    return style === 'oracle' ? { ...method, ...styleOracle } : method;
  });
}

/** Whether its gate is made from what the stages put out, so that D_t has to be passed through the network. */
export function needsMoments(experiment: Experiment, method: ChosenMethod): boolean {
  return (
    method.recipe.kind === 'add-on' &&
    ['environment', 'confidence'].includes(settingsOf(experiment, method).gate)
  );
}

/** The mapping with what a variant changes. */
export function settingsOf({ environmentPatch }: Experiment, { variant = {} }: ChosenMethod): Settings {
  const { steps, ...choices } = variant;
  const training = { ...environmentPatch.training, ...(steps !== undefined && { steps }) };
  return { ...environmentPatch, ...choices, training };
}

/**
 * Gate, environment model and add-on of a repeat, as far as a variant has them, and the evaluation. Variants share what
 * they have in common: gate and model by their tasks, equal add-ons by their keys.
 */
export function environmentPatchTasks(
  experiment: Experiment,
  { name: environment, noises }: Environment,
  repeat: number,
  method: ChosenMethod,
  evaluate: (recipe: Json, inputs: Record<string, string>) => Task,
): Task[] {
  const at = `${environment}/r${repeat}`;
  const settings = settingsOf(experiment, method);
  const { labels, style, addon, gate, quantile } = settings;
  const corrupt = `corrupt/${environment}`;
  const split = `split/${at}`;
  const observed = {
    observe: `observe/${environment}`,
    'observe-train': 'observe/train',
    'observe-test': 'observe/test',
  };
  const tasks: Task[] = [];
  const gateInputs: Record<string, Record<string, string>> = {
    environment: { 'environment-gate': `environment-gate/${at}` },
    confidence: observed,
    fisher: { gate: `gate/${at}`, localize: `localize/${at}`, probe: 'probe' },
  };
  if (gate === 'environment')
    tasks.push(drawing('environment-gate', at, settings.environmentGate, { ...observed, split }));
  if (style === 'learned')
    tasks.push(
      drawing('environment-model', at, settings.environmentModel, { dataset: 'dataset', corrupt, split }),
    );
  const id = `add-on/${labelOf(method)}/${at}`;
  const versions = noises.map((name) => findEntry(noiseCatalogue, name).version);
  const trueNoise = { noises, versions, severities: experiment.noise.severities };
  const params = {
    labels,
    style,
    addon,
    edges: settings.environmentModel.edges,
    ...settings.training,
    ...(style === 'oracle' && { trueNoise }),
  };
  const inputs = {
    dataset: 'dataset',
    corrupt,
    pretrain: 'pretrain',
    split,
    ...(style === 'learned' && { 'environment-model': `environment-model/${at}` }),
  };
  tasks.push({ ...task(id, 'add-on', params, inputs), stream: `add-on/${at}` });
  tasks.push(evaluate({ kind: 'add-on', gate, quantile }, { corrupt, 'add-on': id, ...gateInputs[gate] }));
  return tasks;
}

function drawing(stage: string, at: string, params: unknown, inputs: Record<string, string>): Task {
  const id = `${stage}/${at}`;
  return { ...task(id, stage, params, inputs), stream: id };
}
