import { describe, expect, it } from 'vitest';

import type { Json } from '../../../src/core/canonical-json.js';
import { Rng } from '../../../src/core/rng.js';
import { planKeys } from '../../../src/pipeline/key.js';
import type { StageDefinition, Task } from '../../../src/pipeline/stage.js';

const stage = (name: string, more: Partial<StageDefinition> = {}): StageDefinition => ({
  name,
  summary: name,
  version: 1,
  outputs: ['out.json'],
  engine: false,
  random: false,
  run: async () => undefined,
  ...more,
});
const stages = [
  stage('draw', { random: true }),
  stage('learn', { engine: true, version: 3 }),
  stage('report'),
];
const engineId: Json = { device: 'cpu', threads: 2 };
const context = { seed: 7, engineId };

const draw: Task = { id: 'draw/a', stage: 'draw', params: { count: 3 }, inputs: {}, stream: 'draw/a' };
const learn: Task = { id: 'learn/a', stage: 'learn', params: { rate: 0.1 }, inputs: { data: 'draw/a' } };
const report: Task = { id: 'report', stage: 'report', params: {}, inputs: { b: 'learn/a', a: 'draw/a' } };
const tasks = [report, learn, draw];

const keysOf = (list: readonly Task[], more: Partial<typeof context> = {}): (string | undefined)[] =>
  planKeys(list, stages, { ...context, ...more }).map(({ address }) => address?.key);
const changed = (from: Partial<Task>, more: Partial<typeof context> = {}): string[] => {
  const before = keysOf(tasks);
  const after = keysOf([report, learn, { ...draw, ...from }], more);
  return ['draw', 'learn', 'report'].filter((_, i) => before[i] !== after[i]);
};

describe('planKeys', () => {
  it('hashes exactly these texts', () => {
    // The keys are what sha256sum says of the texts.
    const [drawn, learned, reported] = planKeys(tasks, stages, context).map(({ address }) => address!);
    expect([drawn, learned, reported]).toEqual([
      {
        stage: 'draw',
        key: '825c7f3a4b13060b301a1e614c76c7c8ffe222a9ad2e293b6aef54984ccedbde',
        text: '{"inputs":{},"params":{"count":3},"seed":7,"stage":"draw","stream":"draw/a","version":1}',
      },
      {
        stage: 'learn',
        key: 'e4a1027d53734582db77dc41053aab1282b5eb8c6284e39f0130c892fb3837ac',
        text: `{"engine":{"device":"cpu","threads":2},"inputs":{"data":"${drawn!.key}"},"params":{"rate":0.1},"stage":"learn","version":3}`,
      },
      {
        stage: 'report',
        key: '50f9f9ee268551336e95cab1ed4d8eed8ccfa2aab53d71a2d0c85e63085a2554',
        text: `{"inputs":{"a":"${drawn!.key}","b":"${learned!.key}"},"params":{},"stage":"report","version":1}`,
      },
    ]);
  });

  it('gives producers first', () => {
    expect(planKeys(tasks, stages, context).map(({ task }) => task.id)).toEqual([
      'draw/a',
      'learn/a',
      'report',
    ]);
  });

  it('does not look at the order of fields, over 200 random parameters', () => {
    const rng = new Rng(1, 'test/key');
    for (let i = 0; i < 200; i++) {
      const params = randomJson(rng, 4);
      const [a] = keysOf([{ ...draw, params }]);
      const [b] = keysOf([{ ...draw, params: reordered(params, rng) }]);
      expect(b, `round ${i}: ${JSON.stringify(params)}`).toBe(a);
    }
  });

  it('moves with what the stage depends on, and takes along all that follows', () => {
    expect(changed({ params: { count: 4 } })).toEqual(['draw', 'learn', 'report']);
    expect(changed({ stream: 'draw/b' })).toEqual(['draw', 'learn', 'report']);
    expect(changed({}, { seed: 8 })).toEqual(['draw', 'learn', 'report']);
    expect(changed({}, { engineId: { device: 'gpu', threads: 2 } })).toEqual(['learn', 'report']);
    expect(changed({})).toEqual([]);
  });

  it('moves with the version of the stage', () => {
    const newer = stages.map((each) => (each.name === 'learn' ? { ...each, version: 4 } : each));
    const after = planKeys(tasks, newer, context).map(({ address }) => address!.key);
    expect(after.map((key, i) => key === keysOf(tasks)[i])).toEqual([true, false, false]);
  });

  it('does not move with ids of tasks, nor with the seed where nothing is drawn', () => {
    const lone: Task = { id: 'x', stage: 'report', params: {}, inputs: {} };
    expect(keysOf([{ ...lone, id: 'y' }], { seed: 99 })).toEqual(keysOf([lone]));
  });

  it('gives no key to what needs an engine that is not there, and to nothing after it', () => {
    const keys = planKeys(tasks, stages, { seed: 7, engineId: undefined }).map(
      ({ address }) => address?.stage,
    );
    expect(keys).toEqual(['draw', undefined, undefined]);
  });

  it.each([
    [
      'a cycle',
      [{ ...draw, inputs: { x: 'report' } }, learn, report],
      'PN151',
      'the tasks go round in a circle: draw/a -> report -> learn/a -> draw/a',
    ],
    [
      'an unknown producer',
      [learn],
      'PN150',
      '"data" of task "learn/a" comes from "draw/a", which is not among the tasks',
    ],
    [
      'two tasks of one id',
      [draw, { ...learn, id: 'draw/a', inputs: {} }],
      'PN152',
      'two tasks have the id "draw/a"',
    ],
    ['an unknown stage', [{ ...draw, stage: 'drow' }], 'PN153', 'task "draw/a" wants the stage "drow"'],
    [
      'a random stage without a stream',
      [{ ...draw, stream: undefined }],
      'PN154',
      'stage "draw" is random, but task "draw/a" names no stream',
    ],
    [
      'undefined in parameters',
      [{ ...draw, params: { a: [undefined] } }],
      'PN155',
      'the parameters of task "draw/a" cannot be a key: $.params.a[0]: undefined has no JSON form',
    ],
    [
      'NaN in parameters',
      [{ ...draw, params: { a: NaN } }],
      'PN155',
      'the parameters of task "draw/a" cannot be a key: $.params.a: NaN has no JSON form',
    ],
  ])('refuses %s', (_, wrong, code, message) => {
    expect(() => planKeys(wrong as unknown as Task[], stages, context)).toThrow(
      expect.objectContaining({ code, message, exitCode: 1 }),
    );
  });
});

describe('the order', () => {
  it('is depth first: what one result needs, then that result', () => {
    const chain = (e: string): Task[] => [
      { id: `learn/${e}`, stage: 'learn', params: {}, inputs: { data: `draw/${e}` } },
      { id: `draw/${e}`, stage: 'draw', params: {}, inputs: { base: 'draw/base' }, stream: e },
    ];
    const base: Task = { id: 'draw/base', stage: 'draw', params: {}, inputs: {}, stream: 'base' };
    const order = planKeys([base, ...chain('fog'), ...chain('snow')], stages, context).map(
      ({ task }) => task.id,
    );
    expect(order).toEqual(['draw/base', 'draw/fog', 'learn/fog', 'draw/snow', 'learn/snow']);
  });
});

function randomJson(rng: Rng, depth: number): Json {
  const kind = rng.int(depth > 0 ? 6 : 4);
  if (kind === 0) return rng.int(1000) / 8;
  if (kind === 1) return `text ${rng.int(100)}`;
  if (kind === 2) return rng.bernoulli(0.5);
  if (kind === 3) return null;
  const items = Array.from({ length: rng.int(5) }, () => randomJson(rng, depth - 1));
  return kind === 4 ? items : Object.fromEntries(items.map((item, i) => [`k${rng.int(50)}-${i}`, item]));
}

function reordered(value: Json, rng: Rng): Json {
  if (Array.isArray(value)) return value.map((item: Json) => reordered(item, rng));
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value);
  return Object.fromEntries(
    [...rng.permutation(fields.length)].map((i) => [fields[i]![0], reordered(fields[i]![1], rng)]),
  );
}
