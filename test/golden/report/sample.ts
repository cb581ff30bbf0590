import { Rng } from '../../../src/core/rng.js';
import {
  gateReport,
  searchReport,
  timeRows,
  type Environment,
  type Evaluation,
  type GateScores,
  type Method,
  type ReportInput,
  type SearchReport,
  type TimeRow,
} from '../../../src/report/index.js';

/** How a made-up method answers: the chance that it mends a failure, breaks a right answer, and sees a sample at all. */
interface Behaviour {
  readonly method: Method;
  readonly mends: number;
  readonly breaks: number;
  readonly flags: number;
  readonly parameters: { readonly probesAndGate: number; readonly patch: number; readonly whole: boolean };
}

function behaviour(name: string, mends: number, breaks: number, flags: number, patch: number): Behaviour {
  const isControl = !['patchnas', 'finetune', 'augmix'].includes(name);
  const usesSearch = ['patchnas', 'gate-always'].includes(name);
  return {
    method: { name, isControl, usesSearch, summary: summaries[name] ?? 'a method of the sample' },
    mends,
    breaks,
    flags,
    parameters: { probesAndGate: patch > 0 ? 5600 : 0, patch, whole: patch === 0 && name !== 'original' },
  };
}

const summaries: Readonly<Record<string, string>> = {
  patchnas: 'a searched patch behind a gate, the method of the paper',
  original: 'the deployed network, untouched',
  reseed: 'another clean network of the same recipe and another seed',
  'patch-random': 'a patch of random structure and like size, trained anew',
  'gate-always': "patchnas's own patch, with every sample sent through it",
};

export const few: readonly Behaviour[] = [
  behaviour('patchnas', 0.28, 0.03, 0.7, 6100),
  behaviour('original', 0, 0, 0, 0),
  behaviour('reseed', 0.3, 0.12, 1, 0),
  behaviour('patch-random', 0.27, 0.03, 0.7, 5900),
  behaviour('gate-always', 0.33, 0.1, 1, 6100),
];

export const many: readonly Behaviour[] = [
  ...few,
  behaviour('finetune', 0.14, 0.02, 1, 0),
  behaviour('finetune-balanced', 0.55, 0.08, 1, 0),
  behaviour('augmix', 0.27, 0.03, 1, 0),
];

/** As many methods as a full comparison has. */
export const sixteen: readonly Behaviour[] = [
  ...many,
  behaviour('environment-patch', 0.62, 0.05, 1, 2400),
  behaviour('cutmix', 0.2, 0.03, 1, 0),
  behaviour('fsgmix', 0.22, 0.03, 1, 0),
  behaviour('deeprepair', 0.25, 0.04, 1, 0),
  behaviour('head-only', 0.18, 0.06, 1, 0),
  behaviour('bn-adapt', 0.35, 0.1, 1, 0),
  behaviour('tent', 0.36, 0.12, 1, 0),
  behaviour('gate-confidence', 0.3, 0.04, 0.8, 6100),
];

const four = ['gaussian_noise', 'frost', 'fog', 'contrast'];

export const quick: readonly Environment[] = ['gaussian_noise', 'fog', 'contrast'].map(single);

const noises = [
  'gaussian_noise shot_noise impulse_noise defocus_blur glass_blur motion_blur zoom_blur snow frost fog',
  'brightness contrast elastic_transform pixelate jpeg_compression',
]
  .join(' ')
  .split(' ');
export const fifteen: readonly Environment[] = [...noises.map(single), { name: 'all15', noises }];

/** All single noises and the mixtures of the paper's Table 2, with members of our own. */
export const nineteen: readonly Environment[] = [
  ...noises.map(single),
  { name: 'two', noises: ['gaussian_noise', 'fog'] },
  { name: 'three', noises: ['shot_noise', 'fog', 'pixelate'] },
  { name: 'four', noises: four },
  { name: 'all15', noises },
];

function single(name: string): Environment {
  return { name, noises: [name] };
}

export interface SampleOptions {
  readonly environments: readonly Environment[];
  readonly behaviours: readonly Behaviour[];
  readonly repeats: number;
  readonly images: number;
  readonly classes: number;
  readonly isTrained: boolean;
  /** A method that was run in four environments only. */
  readonly onlyInFour?: string;
}

/** A made-up experiment: the same for the same options. */
export function sample(
  options: SampleOptions,
): ReportInput & { readonly scores: GateScores[]; readonly times: TimeRow[] } {
  const { environments, behaviours, repeats, images, classes } = options;
  const rng = new Rng(7, 'sample');
  const clean = Uint8Array.from({ length: images }, (_, k) => k % classes);
  const cells = environments.flatMap(({ name }) =>
    Array.from({ length: repeats }, (_, repeat) => ({ environment: name, repeat })),
  );
  const evaluations = cells.flatMap(({ environment, repeat }) => {
    const half = noisyHalf(clean, rng.child(`half/${environment}/${repeat}`));
    return behaviours
      .filter(({ method }) => method.name !== options.onlyInFour || four.includes(environment))
      .map((one) => evaluate(one, environment, repeat, clean, half, classes, rng));
  });
  const scores = cells.map(({ environment, repeat }) => gateScores(environment, repeat, rng));
  return {
    subject: {
      name: 'sample',
      network: 'allconvnet-w0.25',
      dataset: 'cifar10',
      noiseOrigin: 'generated',
    },
    seed: 1,
    environments,
    methods: behaviours.map((one) => one.method),
    classes: ['airplane', 'automobile', 'bird', 'cat', 'deer'].slice(0, classes),
    evaluations,
    gates: scores.map(gateReport),
    searches: cells.map(({ environment, repeat }) => search(environment, repeat, options.isTrained, rng)),
    scores,
    times: times(evaluations),
  };
}

type Half = Pick<Evaluation['noisy'], 'baseImage' | 'severity' | 'label' | 'original'>;

/** About half of images x 5 severities; the harder the severity, the more the deployed network gets wrong. */
function noisyHalf(clean: Uint8Array, rng: Rng): Half {
  const rows: { image: number; severity: number; original: number }[] = [];
  for (let severity = 1; severity <= 5; severity++)
    for (const [image, label] of clean.entries()) {
      if (rng.bernoulli(0.5)) continue;
      const isWrong = rng.bernoulli(0.1 * severity);
      rows.push({ image, severity, original: isWrong ? label + 1 : label });
    }
  return {
    baseImage: Uint32Array.from(rows, (row) => row.image),
    severity: Uint8Array.from(rows, (row) => row.severity),
    label: Uint8Array.from(rows, (row) => clean[row.image]!),
    original: Uint8Array.from(rows, (row) => row.original),
  };
}

function evaluate(
  { method, mends, breaks, flags, parameters }: Behaviour,
  environment: string,
  repeat: number,
  cleanLabel: Uint8Array,
  half: Half,
  classes: number,
  root: Rng,
): Evaluation {
  const rng = root.child(`${method.name}/${environment}/${repeat}`);
  const answer = (label: number, original: number): [repaired: number, flagged: number] => {
    if (!rng.bernoulli(original === label ? flags / 4 : flags)) return [original, 0];
    if (original === label) return [rng.bernoulli(breaks) ? label + 2 : label, 1];
    return [rng.bernoulli(flags === 0 ? 0 : mends / flags) ? label : original, 1];
  };
  const noisy = Array.from(half.label, (label, i) => answer(label, half.original[i]!));
  const cleanOriginal = cleanLabel.map((label, k) => (k % 8 === 0 ? (label + 1) % classes : label));
  const clean = Array.from(cleanLabel, (label, k) => answer(label, cleanOriginal[k]!));
  const { probesAndGate, patch, whole } = parameters;
  const added = whole ? 90000 : probesAndGate + patch;
  const isPatch = patch > 0;
  const size = isPatch ? patch + 10 * repeat + environment.length : 0;
  return {
    method: method.name,
    environment,
    repeat,
    noisy: {
      ...half,
      repaired: Uint8Array.from(noisy, ([repaired]) => repaired),
      flagged: Uint8Array.from(noisy, ([, flagged]) => flagged),
    },
    clean: {
      label: cleanLabel,
      original: cleanOriginal,
      repaired: Uint8Array.from(clean, ([repaired]) => repaired),
      flagged: Uint8Array.from(clean, ([, flagged]) => flagged),
    },
    parameters: {
      original: 90000,
      probesAndGate,
      patch: size,
      buffers: isPatch ? 216 : 0,
      trained: isPatch ? size : added,
      transferred: isPatch ? probesAndGate + size : added,
    },
    samples: {
      failures: ['original', 'reseed'].includes(method.name) ? 0 : 100,
      triggered: isPatch ? 2500 + 7 * environment.length + 3 * repeat : whole ? 50000 : 0,
      trainingSet: 50000,
    },
  };
}

function gateScores(environment: string, repeat: number, root: Rng): GateScores {
  const rng = root.child(`gate/${environment}/${repeat}`);
  const stages = ['stage1', 'stage2', 'stage3'];
  const scores = (n: number, shift: number): Float32Array =>
    Float32Array.from({ length: 3 * n }, (_, i) =>
      // The third stage of fog is dead.
      environment === 'fog' && i % 3 === 2 ? 0 : Math.max(0, shift + 0.3 * rng.normal()),
    );
  const noisy = new Float32Array([...scores(60, 0.6), ...scores(60, 0.4)]);
  const range = (from: number, to: number): Uint32Array =>
    Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const fisher = (level: number): Float32Array =>
    Float32Array.from({ length: 300 }, (_, i) => (level * rng.double()) / (1 + (i % 3)));
  return {
    environment,
    repeat,
    stages,
    setting: { quantile: 0.95 },
    threshold: 1.25,
    trainingSet: scores(200, 0.2),
    cleanTest: scores(60, 0.2),
    noisy,
    isCleanRight: Uint8Array.from({ length: 60 }, (_, k) => (k % 8 === 0 ? 0 : 1)),
    heldOut: range(0, 60),
    rightNoisy: range(60, 120),
    failureFisher: fisher(0.4),
    normalFisher: fisher(0.06),
  };
}

function search(environment: string, repeat: number, isTrained: boolean, root: Rng): SearchReport {
  const rng = root.child(`search/${environment}/${repeat}`);
  const tasks = [
    { name: 'rotation', chance: 0.25, images: 256 },
    { name: 'colorization', chance: 0.1875, images: 256 },
    { name: 'jigsaw', chance: 1 / 24, images: 256 },
  ];
  const candidates = Array.from({ length: 5 }, (_, index) => ({
    index,
    parameters: 5800 + 100 * index,
    accuracies: tasks.map(({ name, chance, images }) => {
      const gain = isTrained || name === 'rotation' ? 0.15 : 0.005;
      return Math.round((chance + gain * (1 + 0.2 * rng.normal())) * images) / images;
    }),
    structure: { cells: [[[1, 2, ['conv3x3', 'identity']]], [[1, 2, ['maxpool3x3']]]] },
  }));
  return searchReport({ environment, repeat, tasks, candidates, chosen: 2 });
}

function times(evaluations: readonly Evaluation[]): TimeRow[] {
  const methodTasks = evaluations.map(({ method, environment, repeat }) => {
    const cell = `${environment}/r${repeat}`;
    const own = method === 'original' || method === 'reseed' ? [] : [`train/${method}/${cell}`];
    const shared = own.length > 0 && !method.startsWith('finetune') ? ['probe', `gate/${cell}`] : [];
    return { method, environment, repeat, tasks: [...shared, ...own] };
  });
  const tasks = [...new Set(methodTasks.flatMap((one) => one.tasks))];
  const stageTimes = tasks.map((task, i) => ({
    task,
    stage: task.split('/')[0]!,
    wallSeconds: 3 + 0.25 * i,
    isSideBySide: task === 'train/patch-random/fog/r0',
  }));
  return timeRows(stageTimes, methodTasks);
}
