import { methods } from '../baselines/index.js';
import { findEntry } from '../core/entry.js';
import type { DatasetShape } from '../datasets/dataset.js';
import { networks } from '../networks/index.js';
import { check, type Check, type Problem } from './checks.js';
import type { Experiment } from './schema.js';
import type { Path } from './source.js';

/** How much there is of everything. */
export interface Sizes extends Pick<DatasetShape, 'train' | 'test' | 'height' | 'width'> {
  /** How many images there are at each severity: the test set, or what a person brings. */
  readonly noisy: number;
}

/** A subset cannot be larger than the set. */
const subsetsFit = check<[Sizes]>(
  ['dataset', 'probe.samples', 'noise.types', 'noise.source', 'noise.images'],
  ({ dataset, probe, noise }, shape) => {
    const train = dataset.trainSubset === 'all' ? shape.train : Math.min(dataset.trainSubset, shape.train);
    const limits = [
      [
        ['dataset', 'trainSubset'],
        dataset.trainSubset,
        shape.train,
        `${dataset.name} has ${shape.train} training images`,
      ],
      [['probe', 'samples'], probe.samples, train, `there are ${train} training images`],
      [['noise', 'images'], noise.images, shape.noisy, noisyText(dataset.name, shape)],
    ] as const;
    return limits.flatMap(([path, asked, limit, why]) =>
      asked === 'all' || asked <= limit
        ? []
        : [
            {
              code: 'PN225',
              at: [path],
              message: `${path.join('.')} is ${asked}, but ${why}`,
              fix: `Write all or at most ${limit}.`,
            },
          ],
    );
  },
);

function noisyText(dataset: string, { test, noisy }: Sizes): string {
  return noisy === test
    ? `${dataset} has ${test} test images`
    : `the folder of noise.source has ${noisy} images`;
}

const sizes = [
  ...['dataset', 'noise.types', 'noise.source', 'noise.images'],
  ...['noise.severities', 'noise.shifts', 'split.unlabeled'],
] as const;

/** How many noisy images of one environment fall into D_u and into the labelled half. */
function halves(
  { noise, split }: Experiment,
  { noisy: all }: Sizes,
): { unlabeled: number; labelled: number } {
  const images = noise.images === 'all' ? all : Math.min(noise.images, all);
  const noisy = images * noise.severities.length;
  const unlabeled = Math.round(noisy * split.unlabeled);
  return { unlabeled, labelled: noisy - unlabeled };
}

/** D_e must leave failures for D_s; whether the network fails often enough only the split can tell. */
const failuresFit = check<[Sizes]>([...sizes, 'split.failures'], (experiment, shape) => {
  const { labelled } = halves(experiment, shape);
  const { failures } = experiment.split;
  if (failures < labelled) return [];
  return [
    {
      code: 'PN226',
      at: [['split', 'failures'], ['noise', 'images'], ['split'], ['noise']],
      message: `split.failures is ${failures}, but the labelled half of an environment has ${labelled} images, failures and others`,
      fix: 'Lower split.failures or split.unlabeled, or raise noise.images.',
    },
  ];
});

/** Candidates are scored on a fifth of D_u. */
const scoreSamplesFit = check<[Sizes]>([...sizes, 'search.scoreSamples', 'methods'], (experiment, shape) => {
  const { search, noise } = experiment;
  const { scoreSamples } = search;
  const isSearched = experiment.methods.some((name) => findEntry(methods, name).recipe.kind === 'patch');
  const tooFew = (unlabeled: number, raised: string, at: readonly Path[]): Problem[] => {
    const held = Math.floor(unlabeled / 5);
    if (!isSearched || scoreSamples <= held) return [];
    return [
      {
        code: 'PN227',
        at,
        message: `search.scoreSamples is ${scoreSamples}, but the fifth of D_u on which candidates are scored has ${held} images`,
        fix:
          held > 0 ? `Write search.scoreSamples: ${held} or less, or raise ${raised}.` : `Raise ${raised}.`,
      },
    ];
  };
  return [
    ...tooFew(halves(experiment, shape).unlabeled, 'noise.images', [
      ['search', 'scoreSamples'],
      ['noise', 'images'],
      ['search'],
      ['noise'],
    ]),
    ...Object.entries(noise.shifts).flatMap(
      ([
        name,
        {
          unlabeled: { samples = Infinity },
        },
      ]) => tooFew(samples, 'this number', [['noise', 'shifts', name, 'unlabeled', 'samples']]),
    ),
  ];
});

/** A network is made for images of one size. */
const imagesFitNetwork = check<[Sizes]>(
  ['dataset', 'network.name', 'noise.types', 'noise.source'], // sizes are known where the noise is sound
  ({ dataset, network }, { height, width }) => {
    const { imageSize } = findEntry(networks, network.name);
    if (height === imageSize && width === imageSize) return [];
    const fitting = networks.filter((entry) => height === width && entry.imageSize === width);
    return [
      {
        code: 'PN232',
        at: [['network', 'name']],
        message: `${network.name} takes images of ${imageSize} x ${imageSize}, but those of ${dataset.name} are ${height} x ${width}`,
        fix:
          fitting.length > 0
            ? `Networks for such images: ${fitting.map(({ name }) => name).join(', ')}.`
            : `Bring the images to ${imageSize} x ${imageSize}, or take another data set.`,
      },
    ];
  },
);

/** Rules that need to know how many images the data set has, and of what size. */
export const sizeChecks: readonly Check<[Sizes]>[] = [
  imagesFitNetwork,
  subsetsFit,
  failuresFit,
  scoreSamplesFit,
];
