import type { MethodEntry } from '../baselines/index.js';
import { labelOf, methods as methodCatalogue, noteOf } from '../baselines/index.js';
import { findEntry } from '../core/entry.js';
import { DigestMemory } from '../core/digest-memory.js';
import { openDataset } from '../datasets/index.js';
import { networks } from '../networks/index.js';
import type { Json } from '../core/canonical-json.js';
import type { Task } from '../pipeline/stage.js';
import type { CleanRecipe } from '../stages/clean-training.js';
import { tasks as taskCatalogue } from '../tasks/index.js';
import { environmentsOf, type Environment } from './environments.js';
import { needsMoments, withVariants, type ChosenMethod } from './environment-patch-tasks.js';
import { answersOnly, observe, task } from './task.js';
import { withMethodFiles } from './method-files.js';
import { methodTasks, ownParameters } from './method-tasks.js';
import { trainVariant } from './patch-tasks.js';
import { noiseOrigin, type NoiseOrigin } from './noise-origin.js';
import type { Experiment } from './schema.js';

/** The DAG of an experiment. This is the only place that knows which stage feeds which. */
export interface ExperimentPlan {
  readonly tasks: readonly Task[];
  /** Where files lie that tasks name by their SHA-256. */
  readonly files: Readonly<Record<string, string>>;
  /** Names the data set's bytes in the same way; the caller knows where it lies. */
  readonly datasetDigest: string;
}

/**
 * Plans the tasks, nearly depth first: an environment's repeat is finished before the next but one is begun, so that
 * a first row appears early.
 * @param memory of the digests of files from outside
 */
export async function planExperiment(
  experiment: Experiment,
  memory = new DigestMemory(),
): Promise<ExperimentPlan> {
  const { weights, reseed } = experiment.network;
  const files: Record<string, string> = {};
  const keep = (digest: string, path: string): string => {
    files[digest] = path;
    return digest;
  };
  const digestOf = async (path: string): Promise<string> => keep(await memory.ofFile(path), path);
  const dataset = await openDataset(experiment.dataset.name);
  const datasetDigest = await dataset.digest(experiment.dataset, memory);
  const shape = await dataset.shape(experiment.dataset);
  const chosen = experiment.methods.flatMap((name) =>
    withVariants(experiment, findEntry<MethodEntry>(methodCatalogue, name)),
  );
  const environments = environmentsOf(experiment);
  const context: Context = {
    experiment: await withMethodFiles(experiment, chosen, digestOf),
    datasetDigest,
    classes: shape.classes,
    isSynthetic: shape.isSynthetic ?? false,
    weights: weights === undefined ? undefined : await digestOf(weights),
    reseed: reseed === undefined ? undefined : await digestOf(reseed),
    origin: await noiseOrigin(experiment, shape, { memory, keep }),
    hasOther: chosen.some(({ recipe }) => recipe.kind === 'network'),
    hasPatch: chosen.some(({ recipe }) => recipe.kind === 'patch'),
    hasMoments: chosen.some((method) => needsMoments(experiment, method)),
  };
  const repairs = environments.flatMap((environment) =>
    Array.from({ length: experiment.repeats }, (_, repeat): Repair => {
      const { early, late } = repairOf(context, environment, repeat, chosen);
      return { early: [...(repeat === 0 ? observation(context, environment) : []), ...early], late };
    }),
  );
  const tasks = [...preparation(context), ...overlapped(repairs)];
  tasks.push(reportOf(context, environments, chosen, tasks));
  return { tasks, files, datasetDigest };
}

/** The tasks of one repeat in one environment. */
interface Repair {
  /** Up to gate and search, which its methods share. */
  readonly early: readonly Task[];
  /** What each method trains, and the evaluations. */
  readonly late: readonly Task[];
}

/**
 * The search is the longest stage by far. Each goes before the repair in front of it is trained and evaluated, or the
 * last one would run alone at the end while the other job slots wait.
 */
function overlapped(repairs: readonly Repair[]): Task[] {
  return Array.from({ length: repairs.length + 1 }, (_, i) => [
    ...(repairs[i]?.early ?? []),
    ...(repairs[i - 1]?.late ?? []),
  ]).flat();
}

type Pretraining = NonNullable<Experiment['network']['pretrain']>;

interface Context {
  readonly experiment: Experiment;
  readonly datasetDigest: string;
  readonly classes: number;
  readonly isSynthetic: boolean;
  /** SHA-256 of weight files, where there are some. */
  readonly weights: string | undefined;
  readonly reseed: string | undefined;
  readonly origin: NoiseOrigin;
  /** Whether any method needs a second network, or gate and patch. */
  readonly hasOther: boolean;
  readonly hasPatch: boolean;
  /** Whether any method's gate looks at moments of D_t. */
  readonly hasMoments: boolean;
}

/**
 * The moments are kept in any case: they cost a twentieth of the pass, and a method that reads them can be added later
 * without another one.
 */
function keptOf({ hasPatch }: Context) {
  return { probes: hasPatch, moments: true };
}

/** What all environments share: data, networks, probes, and what they say of clean images. */
function preparation(context: Context): Task[] {
  const { experiment, hasOther, hasPatch, hasMoments } = context;
  const { name, trainSubset, ...rest } = experiment.dataset;
  // Where a person's folder stands changes nothing; the digest tells what is in it.
  const params = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'root'));
  const expect = experiment.network.expect?.cleanAccuracy ?? null;
  const own = { dataset: 'dataset', pretrain: 'pretrain' };
  const other = { dataset: 'dataset', pretrain: 'pretrain/reseed' };
  const kept = keptOf(context);
  return [
    task('dataset', 'dataset', { name, params, digest: context.datasetDigest, trainSubset }, {}),
    pretrain('pretrain', context, context.weights),
    ...(hasOther ? [pretrain('pretrain/reseed', context, context.reseed)] : []),
    ...(hasPatch ? [{ ...task('probe', 'probe', { ...experiment.probe }, own), stream: 'probe' }] : []),
    ...(hasPatch || hasMoments ? [observe('observe/train', 'train', own, kept)] : []),
    observe('observe/test', 'test', own, kept, expect),
    ...(hasOther ? [observe('observe/test/reseed', 'test', other, answersOnly)] : []),
  ];
}

function pretrain(id: string, { experiment, classes }: Context, sha256: string | undefined): Task {
  const { name, normalisation, ...network } = experiment.network;
  const params = Object.fromEntries(
    Object.keys(findEntry(networks, name).params.properties).map((key) => [
      key,
      network[key as keyof typeof network] as Json,
    ]),
  );
  const source =
    sha256 === undefined
      ? { kind: 'train', ...cleanRecipe(network.pretrain!) }
      : { kind: 'file', sha256, ...(normalisation ? { normalisation } : {}) };
  return {
    ...task(id, 'pretrain', { network: { name, params }, classes, source }, { dataset: 'dataset' }),
    stream: id,
  };
}

/** What belongs to another recipe enters no key. */
function cleanRecipe({ recipe, jensenShannon, ...settings }: Pretraining): CleanRecipe {
  return recipe === 'augmix' ? { ...settings, augmix: { jensenShannon } } : settings;
}

/** The noisy images of an environment and what the networks say of them. */
function observation(context: Context, { name, noises, unlabeled }: Environment): Task[] {
  const { experiment, origin, hasOther } = context;
  const { severities, images } = experiment.noise;
  const corrupt = `corrupt/${name}`;
  const seen = unlabeled && {
    noises: unlabeled.noises ?? noises,
    severities: unlabeled.severities ?? severities,
    clean: unlabeled.clean ?? 0,
  };
  const all = [...new Set([...noises, ...(seen?.noises ?? [])])];
  return [
    {
      ...task(
        corrupt,
        'corrupt',
        { noises, ...origin.paramsOf(all), severities, images, ...(seen && { seen }) },
        { dataset: 'dataset' },
      ),
      stream: 'corrupt',
    },
    observe(`observe/${name}`, 'noisy', { corrupt, pretrain: 'pretrain' }, keptOf(context)),
    ...(hasOther
      ? [observe(`observe/${name}/reseed`, 'noisy', { corrupt, pretrain: 'pretrain/reseed' }, answersOnly)]
      : []),
  ];
}

/** One repeat in one environment: split, the repairs and their evaluation. */
function repairOf(
  context: Context,
  environment: Environment,
  repeat: number,
  methods: readonly ChosenMethod[],
): Repair {
  const { experiment, hasPatch } = context;
  const { name, unlabeled } = environment;
  const at = `${name}/r${repeat}`;
  const shared = { dataset: 'dataset', corrupt: `corrupt/${name}`, pretrain: 'pretrain' };
  const observed = {
    observe: `observe/${name}`,
    'observe-train': 'observe/train',
    'observe-test': 'observe/test',
  };
  const split: Task = {
    ...task(
      `split/${at}`,
      'split',
      { ...experiment.split, ...(unlabeled?.samples !== undefined && { samples: unlabeled.samples }) },
      { corrupt: shared.corrupt, observe: observed.observe },
    ),
    stream: `split/${at}`,
  };
  const late = uniqueById(methods.flatMap((method) => methodTasks(experiment, environment, repeat, method)));
  if (!hasPatch) return { early: [split], late };
  const localize: Task = {
    ...task(
      `localize/${at}`,
      'localize',
      {},
      { ...shared, probe: 'probe', split: split.id, 'observe-train': 'observe/train' },
    ),
    stream: `localize/${at}`,
  };
  const gate = task(
    `gate/${at}`,
    'gate',
    { target: experiment.gate.target },
    { ...observed, localize: localize.id, split: split.id },
  );
  const { tasks: names, ...settings } = experiment.search;
  const tasks = names.map((name) => ({ name, version: findEntry(taskCatalogue, name).version }));
  const search: Task = {
    ...task(
      `search/${at}`,
      'search',
      { ...settings, tasks },
      { corrupt: shared.corrupt, pretrain: 'pretrain', split: split.id },
    ),
    stream: `search/${at}`,
  };
  return { early: [split, localize, gate, search], late };
}

/** The report reads the outputs of everything; its roles are the tasks' ids. */
function reportOf(
  { experiment, origin, isSynthetic }: Context,
  environments: readonly Environment[],
  methods: readonly MethodEntry[],
  tasks: readonly Task[],
): Task {
  const { network, dataset } = experiment;
  const stages = Array.from({ length: findEntry(networks, network.name).stages }, (_, i) => `stage ${i + 1}`);
  const models = tasks
    .filter(({ stage, id }) => stage === 'environment-model' && id.endsWith('/r0'))
    .map(({ id }) => id);
  const params = {
    seed: experiment.seed,
    subject: {
      name: experiment.name,
      // In a column of every table, so that no figure of drawings passes for one of photographs.
      network: isSynthetic ? `${network.name} (SYNTHETIC images)` : network.name,
      dataset: dataset.name,
      noiseOrigin: origin.kind,
      ...(isSynthetic && { isSynthetic }),
    },
    environments,
    methods: methods.map((entry) => {
      const note = noteOf(entry, ownParameters(experiment, entry));
      return {
        name: labelOf(entry),
        summary: entry.summary.replace(/^Control: /, ''),
        isControl: entry.isControl,
        usesSearch: entry.recipe.kind === 'patch' && entry.recipe.structure === 'searched',
        ...(note === undefined ? {} : { note }),
        ...(entry.isBound && { isBound: true }),
      };
    }),
    repeats: experiment.repeats,
    stages,
    sigma: experiment.gate.sigma,
    patch:
      methods.flatMap(({ recipe }) => (recipe.kind === 'patch' ? [trainVariant(recipe)] : []))[0] ?? null,
    trained: tasks
      .filter(({ stage }) => ['pretrain', 'probe', 'train', 'baseline', 'add-on'].includes(stage))
      .map(({ id }) => id),
    ...(models.length > 0 && { models }),
  };
  return task('report', 'report', params, Object.fromEntries(tasks.map(({ id }) => [id, id])));
}

/** Methods may share a patch: its task stands in the plan once. */
function uniqueById(tasks: readonly Task[]): Task[] {
  return tasks.filter((each, i) => tasks.findIndex(({ id }) => id === each.id) === i);
}
