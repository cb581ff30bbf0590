import { describe, expect, it } from 'vitest';

import { stages } from '../../../src/stages/index.js';
import { keysOf, planOf, tinyExperiment } from '../../support/stage-run.js';

const idsOf = async (sets: readonly string[] = []): Promise<string[]> =>
  (await planOf(tinyExperiment, sets)).tasks.map(({ id }) => id);

describe('the tasks', () => {
  it('of one environment and every method: a search goes before the training in front of it', async () => {
    const prepared = (r: number) =>
      ['split', 'localize', 'gate', 'search'].map((stage) => `${stage}/gaussian_noise/r${r}`);
    const repaired = (r: number) => [
      `train/gaussian_noise/r${r}`,
      `evaluate/patchnas/gaussian_noise/r${r}`,
      `evaluate/original/gaussian_noise/r${r}`,
      `train/gaussian_noise/r${r}/random`,
      `evaluate/patch-random/gaussian_noise/r${r}`,
      `evaluate/gate-always/gaussian_noise/r${r}`,
    ];
    expect(await idsOf(['repeats=2', 'methods=[patchnas, original, patch-random, gate-always]'])).toEqual([
      'dataset',
      'pretrain',
      'probe',
      'observe/train',
      'observe/test',
      'corrupt/gaussian_noise',
      'observe/gaussian_noise',
      ...prepared(0),
      ...prepared(1),
      ...repaired(0),
      ...repaired(1),
      'report',
    ]);
  });

  it('of an environment with another D_u differ from those without in noisy images and split alone', async () => {
    const noise = (shifts: string) =>
      `noise={ types: [fog], severities: [1, 3], shifts: { few: { noises: [fog], unlabeled: ${shifts} } } }`;
    const few = await planOf(tinyExperiment, [noise('{ samples: 40 }'), 'split.groupBy=image']);
    const paramsOf = (id: string) => few.tasks.find((task) => task.id === id)!.params;
    expect(paramsOf('corrupt/few')).toEqual({
      ...(paramsOf('corrupt/fog') as object),
      seen: { noises: ['fog'], severities: [1, 3], clean: 0 },
    });
    expect(paramsOf('split/few/r0')).toEqual({ ...(paramsOf('split/fog/r0') as object), samples: 40 });
    const other = await planOf(tinyExperiment, [
      noise('{ noises: [snow, fog], severities: [5], clean: 0.5 }'),
      'split.groupBy=image',
    ]);
    const { noises, versions, seen } = other.tasks.find(({ id }) => id === 'corrupt/few')!.params as Record<
      string,
      unknown[]
    >;
    expect([noises, versions!.length, seen]).toEqual([
      ['fog'],
      2,
      { noises: ['snow', 'fog'], severities: [5], clean: 0.5 },
    ]);
  });

  it('train a second network for reseed alone', async () => {
    const [withReseed, without] = [await idsOf(), await idsOf(['methods=[patchnas]'])];
    expect(withReseed.filter((id) => id.includes('reseed'))).toEqual([
      'pretrain/reseed',
      'observe/test/reseed',
      'observe/gaussian_noise/reseed',
      'evaluate/reseed/gaussian_noise/r0',
    ]);
    expect(without.some((id) => id.includes('reseed'))).toBe(false);
  });

  it('train by a recipe whose parameters hold nothing that it does not use', async () => {
    const sourceOf = async (pretrain: string): Promise<unknown> => {
      const { tasks } = await planOf(tinyExperiment, [`network.pretrain=${pretrain}`]);
      return (tasks.find(({ id }) => id === 'pretrain')!.params as { source: unknown }).source;
    };
    const settings = { kind: 'train', epochs: 2, batch: 128, learningRate: 0.1, weightDecay: 0.0005 };
    expect(await sourceOf('{ epochs: 2 }')).toEqual(settings);
    expect(await sourceOf('{ recipe: augmix, epochs: 2 }')).toEqual({
      ...settings,
      augmix: { jensenShannon: true },
    });
    const densenet = '{ recipe: augmix, jensenShannon: false, epochs: 200, batch: 64, weightDecay: 0.0001 }';
    expect(await sourceOf(densenet)).toEqual({
      kind: 'train',
      epochs: 200,
      batch: 64,
      learningRate: 0.1,
      weightDecay: 0.0001,
      augmix: { jensenShannon: false },
    });
  });

  it('train a patch of its own where a control needs one', async () => {
    const inputsOf = async (method: string) => {
      const { tasks } = await planOf(tinyExperiment, [`methods=[patchnas, ${method}]`]);
      const { inputs } = tasks.find(({ id }) => id === `evaluate/${method}/gaussian_noise/r0`)!;
      return [inputs.train, Object.keys(tasks.find(({ id }) => id === inputs.train)!.inputs).slice(6)];
    };
    const own = 'train/gaussian_noise/r0';
    expect(await inputsOf('gate-oracle')).toEqual([own, ['search']]);
    expect(await inputsOf('patch-conv3')).toEqual([`${own}/conv3`, []]);
    expect(await inputsOf('patch-fixed-stage')).toEqual([`${own}/fixed-stage`, ['search', 'stage-choice']]);
    expect(await inputsOf('gate-confidence')).toEqual([`${own}/confidence`, ['search', 'observe-train']]);
  });

  it('have no probe, gate and search where no method needs them', async () => {
    const plan = await planOf(tinyExperiment, ['methods=[original, reseed]']);
    const used = new Set(plan.tasks.map(({ stage }) => stage));
    for (const stage of ['probe', 'localize', 'gate', 'search', 'train']) expect(used.has(stage)).toBe(false);
  });

  it('come once each, after their producers, from stages that exist, with a stream where they draw', async () => {
    const plan = await planOf(tinyExperiment, ['noise.types=[fog, contrast]', 'repeats=2']);
    const seen = new Set<string>();
    const streams: string[] = [];
    for (const { id, stage, inputs, stream } of plan.tasks) {
      expect(seen.has(id)).toBe(false);
      for (const producer of Object.values(inputs)) expect([id, seen.has(producer)]).toEqual([id, true]);
      seen.add(id);
      const { random } = stages.find(({ name }) => name === stage)!;
      expect([id, stream !== undefined]).toEqual([id, random]);
      if (stream !== undefined && stage !== 'corrupt') streams.push(stream);
    }
    // Only corrupt shares one, the same draws in every environment, and the compared methods of a repeat do.
    expect(new Set(streams).size).toBe(streams.length);
  });
});

/** Ids of the tasks that are in both plans and have another key in the second. */
async function moved(sets: readonly string[], seed = 1): Promise<string[]> {
  const before = keysOf(await planOf(tinyExperiment));
  const after = keysOf(await planOf(tinyExperiment, sets), seed);
  return [...before].filter(([id, key]) => after.has(id) && after.get(id) !== key).map(([id]) => id);
}

const afterTrain = [
  'train/gaussian_noise/r0',
  'evaluate/patchnas/gaussian_noise/r0',
  'train/gaussian_noise/r0/random',
  'evaluate/patch-random/gaussian_noise/r0',
  'evaluate/gate-always/gaussian_noise/r0',
  'report',
];
const otherEvaluations = ['original', 'reseed', 'finetune'].map(
  (name) => `evaluate/${name}/gaussian_noise/r0`,
);
const afterBaseline = [
  'baseline/finetune/gaussian_noise/r0',
  'observe/gaussian_noise/finetune/r0',
  'observe/test/finetune/gaussian_noise/r0',
];
const afterSearch = ['search/gaussian_noise/r0', ...afterTrain];
const afterGate = ['gate/gaussian_noise/r0', ...afterTrain];
const sorted = (ids: readonly string[]) => [...ids].sort();

describe('a change moves the keys of what it can change, and of nothing else:', () => {
  const cases: [string, string[], readonly string[]][] = [
    ['sigma', ['gate.sigma.quantile=0.9'], afterTrain],
    ['the epochs of the patch', ['train.epochs=3'], afterTrain],
    ['the steps of the search', ['search.steps=3'], afterSearch],
    ['a task of the search', ['search.tasks=[rotation]'], afterSearch],
    ["the gate's target", ['gate.target=raw'], afterGate],
    [
      'the budget of compared methods',
      ['baseline.epochs=2'],
      [...afterBaseline, 'evaluate/finetune/gaussian_noise/r0', 'report'],
    ],
    ['the share of D_e of balanced methods, of which there is none', ['baseline.failureShare=0.5'], []],
    ['a fixed stage', ['gate.stage=1'], [...afterTrain, ...otherEvaluations]],
    ['another environment', ['noise.types=[gaussian_noise, fog]'], ['report']],
    ['a mixture', ['noise.environments={both: [fog, snow]}'], ['report']],
    ['more repeats', ['repeats=3'], ['report']],
    ['another method', ['methods=[patchnas, original, reseed, patch-random]'], ['report']],
    [
      'controls of the patch and its gate',
      [
        'methods=[patchnas, original, reseed, patch-random, patch-conv3, patch-fixed-stage, gate-oracle, gate-always, gate-confidence, finetune]',
      ],
      ['report'],
    ],
    ['the name', ['name=other'], ['report']],
    ['the memory', ['engine.memory=1GB'], []],
  ];
  it.each(cases)('%s', async (_name, sets, expected) => {
    expect(sorted(await moved(sets))).toEqual(sorted(expected));
  });

  it('what the network must reach: the look at the clean test set, and all that reads it', async () => {
    expect(sorted(await moved(['network.expect={cleanAccuracy: {value: 0.1, within: 1}}']))).toEqual(
      sorted(['observe/test', ...afterGate, ...otherEvaluations]),
    );
  });

  it('the failures of D_e: everything from the split on', async () => {
    const found = await moved(['split.failures=5']);
    expect(sorted(found)).toEqual(
      sorted([
        'split/gaussian_noise/r0',
        'localize/gaussian_noise/r0',
        ...afterGate,
        'search/gaussian_noise/r0',
        ...afterBaseline,
        ...otherEvaluations,
      ]),
    );
  });

  it('the probes: not the networks, the noisy images and the second network', async () => {
    const found = await moved(['probe.epochs=2']);
    for (const id of [
      'dataset',
      'pretrain',
      'pretrain/reseed',
      'corrupt/gaussian_noise',
      'observe/test/reseed',
    ])
      expect(found).not.toContain(id);
    for (const id of ['probe', 'observe/train', 'localize/gaussian_noise/r0', 'report'])
      expect(found).toContain(id);
  });

  it('the seed: everything but the data', async () => {
    const all = (await idsOf()).filter((id) => id !== 'dataset');
    expect(sorted(await moved([], 2))).toEqual(sorted(all));
  });
});
