import { methods } from '../baselines/index.js';
import { findEntry } from '../core/entry.js';
import { check, type Check } from './checks.js';
import { settingsOf, withVariants } from './environment-patch-tasks.js';

const name = 'environment-patch';

/** Variants are rows beside the method's own. */
const variantsHaveUse = check(['methods', 'environmentPatch'], ({ methods, environmentPatch }) => {
  if (Object.keys(environmentPatch.variants).length === 0 || methods.includes(name)) return [];
  return [
    {
      code: 'PN233',
      at: [['environmentPatch', 'variants']],
      part: 'key',
      message: `environmentPatch.variants has no use: ${name} is not among the methods`,
      fix: `Add ${name} to methods, or remove variants.`,
    },
  ];
});

/** The patch's gate is there where a method has a patch. */
const fisherGateExists = check(['methods', 'environmentPatch'], (experiment) => {
  const chosen = experiment.methods.map((each) => findEntry(methods, each));
  if (chosen.some(({ recipe }) => recipe.kind === 'patch')) return [];
  return chosen
    .flatMap((entry) => withVariants(experiment, entry))
    .filter((method) => method.recipe.kind === 'add-on' && settingsOf(experiment, method).gate === 'fisher')
    .slice(0, 1)
    .map(() => ({
      code: 'PN234',
      at: [['environmentPatch', 'gate'], ['environmentPatch']],
      message: 'the gate "fisher" is that of the patch, but no method has a patch',
      fix: 'Add patchnas to methods, or take another gate.',
    }));
});

/** Photos of frost and noises that a person brings are not made in training. */
const oracleCanBeMade = check(['methods', 'noise', 'environmentPatch'], (experiment) => {
  const { source, frost } = experiment.noise;
  if (source.kind === 'generate' && frost?.textures === undefined) return [];
  const variants = Object.entries(experiment.environmentPatch.variants)
    .filter(([, { style }]) => style === 'oracle')
    .map(([variant]) => ['environmentPatch', 'variants', variant, 'style']);
  return experiment.methods
    .flatMap((each) => withVariants(experiment, findEntry(methods, each)))
    .filter((method) => method.recipe.kind === 'add-on' && settingsOf(experiment, method).style === 'oracle')
    .slice(0, 1)
    .map(() => ({
      code: 'PN241',
      at: [...variants, ['environmentPatch', 'style'], ['environmentPatch']],
      message:
        'the style "oracle" makes the true noises, but these are not made here: noise.source or noise.frost',
      fix: 'Take another style, or noises that are made here.',
    }));
});

/** A band begins where the one before it ends. */
const edgesAscend = check(['environmentPatch'], ({ environmentPatch }) => {
  const { edges } = environmentPatch.environmentModel;
  if (edges.every((edge, i) => i === 0 || edge > edges[i - 1]!)) return [];
  return [
    {
      code: 'PN235',
      at: [['environmentPatch', 'environmentModel', 'edges']],
      message: `environmentPatch.environmentModel.edges is [${edges.join(', ')}], which does not ascend`,
      fix: `Write [${[...edges].sort((a, b) => a - b).join(', ')}].`,
    },
  ];
});

export const environmentPatchChecks: readonly Check[] = [
  variantsHaveUse,
  fisherGateExists,
  oracleCanBeMade,
  edgesAscend,
];
