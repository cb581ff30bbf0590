import { labelOf, sectionOf, type MethodEntry, type Recipe } from '../baselines/index.js';
import type { Budget } from '../baselines/baseline.js';
import type { Json } from '../core/canonical-json.js';
import type { Task } from '../pipeline/stage.js';
import type { Environment } from './environments.js';
import { environmentPatchTasks, type ChosenMethod } from './environment-patch-tasks.js';
import { patchTasks } from './patch-tasks.js';
import { answersOnly, observe, task } from './task.js';
import type { Experiment } from './schema.js';

/** Repeat `repeat` of a method in an environment: whatever the repair needs of its own, and its evaluation at the end. */
export function methodTasks(
  experiment: Experiment,
  where: Environment,
  repeat: number,
  entry: ChosenMethod,
): Task[] {
  const environment = where.name;
  const at = `${environment}/r${repeat}`;
  const { recipe } = entry;
  const name = labelOf(entry);
  const evaluate = (inputs: Record<string, string>, how: Json = recipe): Task =>
    task(
      `evaluate/${name}/${at}`,
      'evaluate',
      { recipe: how, stage: experiment.gate.stage },
      {
        dataset: 'dataset',
        pretrain: 'pretrain',
        observe: `observe/${environment}`,
        'observe-test': 'observe/test',
        split: `split/${at}`,
        ...inputs,
      },
    );
  switch (recipe.kind) {
    case 'original':
      return [evaluate({})];
    case 'network':
      return [
        evaluate({
          'observe-other': `observe/${environment}/reseed`,
          'observe-other-test': 'observe/test/reseed',
        }),
      ];
    case 'baseline': {
      const corrupt = `corrupt/${environment}`;
      const id = `baseline/${name}/${at}`;
      const noisy = observe(
        `observe/${environment}/${name}/r${repeat}`,
        'noisy',
        { corrupt, pretrain: id },
        answersOnly,
      );
      const test = observe(
        `observe/test/${name}/${at}`,
        'test',
        { dataset: 'dataset', pretrain: id },
        answersOnly,
      );
      return [
        baseline(id, at, corrupt, experiment, entry),
        noisy,
        test,
        evaluate({ baseline: id, 'observe-other': noisy.id, 'observe-other-test': test.id }),
      ];
    }
    case 'add-on':
      return environmentPatchTasks(experiment, where, repeat, entry, (how, inputs) => evaluate(inputs, how));
    case 'patch':
      return patchTasks(experiment, environment, repeat, recipe, evaluate);
  }
}

/** All methods of a repeat draw from one stream, so that they see the same subset of D_t and the same batches. */
function baseline(id: string, at: string, corrupt: string, experiment: Experiment, entry: MethodEntry): Task {
  const { name, version, recipe } = entry;
  const params = {
    method: { name, version },
    params: ownParameters(experiment, entry),
    budget: budgetOf(experiment, recipe),
  };
  const inputs = { dataset: 'dataset', corrupt, pretrain: 'pretrain', split: `split/${at}` };
  return { ...task(id, 'baseline', params, inputs), stream: `baseline/${at}` };
}

/** A method's own parameters. */
export function ownParameters({ baseline }: Experiment, entry: MethodEntry): Readonly<Record<string, Json>> {
  const sections = baseline as unknown as Readonly<Record<string, Readonly<Record<string, Json>>>>;
  return sections[sectionOf(entry)] ?? {};
}

/** What a form does not use enters no key. */
function budgetOf({ baseline }: Experiment, recipe: Recipe): Budget | null {
  if (recipe.kind !== 'baseline' || recipe.form === 'unlabeled') return null;
  const { epochs, steps, learningRate, batch, trainSubset, failureShare } = baseline;
  return {
    length: steps === 'epochs' ? { epochs } : { steps },
    learningRate,
    batch,
    trainSubset,
    failureShare: recipe.form === 'balanced' ? failureShare : 'pooled',
  };
}
