import type { Recipe } from '../baselines/index.js';
import type { Task } from '../pipeline/stage.js';
import type { Experiment } from './schema.js';
import { task } from './task.js';

type PatchRecipe = Recipe & { readonly kind: 'patch' };

/** Training and evaluation of a patch. Methods whose patch is the same one share its task. */
export function patchTasks(
  experiment: Experiment,
  environment: string,
  repeat: number,
  recipe: PatchRecipe,
  evaluate: (inputs: Record<string, string>) => Task,
): Task[] {
  const at = `${environment}/r${repeat}`;
  const { sigma, stage } = experiment.gate;
  const { nodes, cells } = experiment.search;
  const corrupt = `corrupt/${environment}`;
  const gate = `gate/${at}`;
  const searched = { search: `search/${at}` };
  const shared = {
    dataset: 'dataset',
    corrupt,
    pretrain: 'pretrain',
    split: `split/${at}`,
    localize: `localize/${at}`,
    gate,
  };
  const isChosen = recipe.stage === 'chosen';
  const choice = isChosen ? { 'stage-choice': `stage-choice/${at}` } : {};
  const choose: Task = {
    ...task(`stage-choice/${at}`, 'stage-choice', { ...experiment.train, sigma }, { ...shared, ...searched }),
    stream: `stage-choice/${at}`,
  };
  // What a control does not use enters neither parameters nor inputs, and what patchnas lacks enters nothing of its own.
  const isConfidence = recipe.flagged === 'confidence';
  const isConv3 = recipe.structure === 'conv3';
  const params = {
    ...experiment.train,
    sigma,
    stage: isChosen ? 'chosen' : stage,
    structure: recipe.structure,
    ...(isConv3 && { space: { nodes, cells } }),
    ...(isConfidence && { flagged: 'confidence' }),
  };
  const variant = trainVariant(recipe);
  const id = variant === 'searched' ? `train/${at}` : `train/${at}/${variant}`;
  const train: Task = {
    ...task(id, 'train', params, {
      ...shared,
      ...(isConv3 ? {} : searched),
      ...(isConfidence && { 'observe-train': 'observe/train' }),
      ...choice,
    }),
    stream: id,
  };
  return [
    ...(isChosen ? [choose] : []),
    train,
    evaluate({ corrupt, probe: 'probe', gate, train: id, ...choice }),
  ];
}

/** What tells a trained patch from the others of a repeat: the gates `always` and `failures` use patchnas's own. */
export function trainVariant({ structure, flagged, stage }: PatchRecipe): string {
  if (stage === 'chosen') return 'fixed-stage';
  return flagged === 'confidence' ? 'confidence' : structure;
}
