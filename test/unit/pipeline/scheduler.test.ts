import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { Event } from '../../../src/core/events.js';
import { bytes, kernel, Pipeline, sum, threads, trouble } from '../../support/pipeline/harness.js';

const chain = [
  sum('fog', ['base', 'fog']),
  bytes('base'),
  bytes('fog'),
  sum('snow', ['base', 'snow']),
  bytes('snow'),
];

describe('runTasks', () => {
  it('runs depth first, then takes everything as a hit and starts no worker', async () => {
    const pipeline = await Pipeline.open();
    const first = await pipeline.run(chain);
    expect(first.told.filter((text) => !text.startsWith('progress'))).toEqual([
      'run-started',
      ...['bytes/base', 'bytes/fog', 'sum/fog', 'bytes/snow', 'sum/snow'].flatMap((id) => [
        `stage-started ${id}`,
        `stage-finished ${id}`,
      ]),
      'run-finished',
    ]);
    const second = await pipeline.run(chain);
    expect(second.told).toEqual([
      'run-started',
      ...['bytes/base', 'bytes/fog', 'sum/fog', 'bytes/snow', 'sum/snow'].map((id) => `stage-hit ${id}`),
      'run-finished',
    ]);
    expect([...second.results!.values()].every((result) => result.isHit)).toBe(true);
    expect([...second.results!.keys()]).toEqual([...first.results!.keys()]);
    expect(second.results!.get('sum/fog')!.record).toEqual(first.results!.get('sum/fog')!.record);
    expect(await readdir(pipeline.store.path('logs'))).toEqual([]);
  });

  it('adds up what the stages say: the sum of the bytes', async () => {
    const pipeline = await Pipeline.open();
    const ran = await pipeline.run([bytes('a'), sum('a', ['a'])]);
    const drawn = await readFile(join(ran.results!.get('bytes/a')!.folder, 'bytes.bin'));
    expect(drawn).toHaveLength(1000);
    expect(await pipeline.output('sum/a', 'sum.json', ran)).toBe(String(drawn.reduce((x, y) => x + y, 0)));
  });

  it('runs only what follows a change', async () => {
    const pipeline = await Pipeline.open();
    await pipeline.run(chain);
    const { events } = await pipeline.run([...chain.slice(1), sum('fog', ['base', 'fog'], { steps: 2 })]);
    expect(started(events)).toEqual(['sum/fog']);
    expect(events[0]).toMatchObject({ type: 'run-started', tasks: 5, hits: 4 });
  });

  it('estimates by the earlier record that is most alike', async () => {
    const pipeline = await Pipeline.open();
    const first = await pipeline.run([bytes('a')]);
    const { events } = await pipeline.run([bytes('a', { count: 1001 })]);
    expect(events.find((event) => event.type === 'stage-started')).toMatchObject({
      estimateMs: first.results!.get('bytes/a')!.record.wallMs,
    });
  });

  it('runs stages with an engine one at a time and in one process, others beside them', async () => {
    const pipeline = await Pipeline.open();
    const tasks = [kernel('a', 300), kernel('b', 300), bytes('x', { pieces: 10, pauseMs: 20 })];
    const ran = await pipeline.run(tasks, { jobs: 3 });
    const times = await Promise.all(
      ['kernel/a', 'kernel/b'].map(
        async (id) =>
          JSON.parse(await pipeline.output(id, 'time.json', ran)) as {
            began: number;
            ended: number;
            pid: number;
          },
      ),
    );
    expect(times[1]!.began).toBeGreaterThanOrEqual(times[0]!.ended);
    expect(times[1]!.pid).toBe(times[0]!.pid);
    expect(ran.told.indexOf('stage-started bytes/x')).toBeLessThan(
      ran.told.indexOf('stage-finished kernel/a'),
    );
  });

  it.each([
    { jobs: 4, cores: 5, given: [1, 1, 1, 2] },
    { jobs: 2, cores: 5, given: [2, 3] },
    { jobs: 4, cores: 2, given: [1, 1, 1] },
    { jobs: 1, cores: 3, given: [3, 3] },
  ])('threaded stages share $cores cores when $jobs may run: $given', async ({ jobs, cores, given }) => {
    const pipeline = await Pipeline.open();
    const used = new Map<string, number>();
    const told: number[] = [];
    const ran = await pipeline.run(
      given.map((_, i) => threads(String(i), 80)),
      {
        jobs,
        cores,
        onEvent: (event) => {
          if (event.type === 'metric') {
            told.push(event.value);
            used.set(event.task, event.value);
            expect([...used.values()].reduce((a, b) => a + b)).toBeLessThanOrEqual(cores);
          }
          if (event.type === 'stage-finished') used.delete(event.task);
        },
      },
    );
    expect(ran.error).toBeUndefined();
    expect(told.toSorted()).toEqual(given.toSorted());
  });

  it('makes what two tasks share once', async () => {
    const pipeline = await Pipeline.open();
    const twin = { ...bytes('a'), id: 'bytes/twin' };
    const { told } = await pipeline.run([bytes('a'), twin], { jobs: 2 });
    expect(told.filter((text) => !text.startsWith('progress'))).toEqual([
      'run-started',
      'stage-started bytes/a',
      'stage-finished bytes/a',
      'stage-hit bytes/twin',
      'run-finished',
    ]);
  });

  it('makes a damaged record again when it is needed, and says so', async () => {
    const pipeline = await Pipeline.open();
    const first = await pipeline.run([bytes('a'), sum('a', ['a'])]);
    const file = join(first.results!.get('bytes/a')!.folder, 'bytes.bin');
    const whole = await readFile(file);
    await writeFile(file, Buffer.alloc(1000)); // same size: only its digest shows it
    const { told, error } = await pipeline.run([bytes('a'), sum('a', ['a'], { steps: 2 })]);
    expect(error).toBeUndefined();
    const said = told
      .filter((text) => !text.startsWith('progress'))
      .map((text) => text.replaceAll(pipeline.root, '<store>'));
    expect(said).toEqual([
      'run-started',
      'stage-hit bytes/a',
      expect.stringMatching(
        /^warning bytes\/a: a damaged record is made again \(bytes.bin has SHA-256 .*\); it is kept in <store>\/damaged\/bytes-[0-9a-f]{64}-\d+$/,
      ),
      'stage-started bytes/a',
      'stage-finished bytes/a',
      'stage-started sum/a',
      'stage-finished sum/a',
      'run-finished',
    ]);
    expect(await readFile(file)).toEqual(whole);
    expect(await readdir(pipeline.store.path('damaged'))).toHaveLength(1);
  });
});

describe('a stage that fails', () => {
  const log = 'Its log is <store>/logs/trouble';
  it.each([
    [
      'throw',
      5,
      `PN501\nstage trouble failed: the loss is NaN at step 7\ntask trouble/throw\n${log}-throw-<key>-<time>.log`,
    ],
    [
      'exit',
      5,
      `PN503\nthe process of stage trouble ended with exit code 9\ntask trouble/exit\n${log}-exit-<key>-<time>.log`,
    ],
    [
      'abort',
      5,
      `PN503\nthe process of stage trouble crashed (SIGABRT)\ntask trouble/abort\n${log}-abort-<key>-<time>.log`,
    ],
    [
      'killed',
      5,
      `PN502\nstage trouble was killed (SIGKILL), most often because memory ran out\ntask trouble/killed\nGive it more memory, lower "engine.memory" in the configuration, or run with --jobs 1. The same command goes on from here.\n${log}-killed-<key>-<time>.log`,
    ],
    [
      'nothing',
      5,
      'PN504\nstage trouble ended without writing out.json\ntask trouble/nothing\nIts outputs are out.json: correct the stage or its declaration.',
    ],
    [
      'strange',
      5,
      'PN504\nstage trouble wrote strange.json, not declared as an output\ntask trouble/strange\nIts outputs are out.json: correct the stage or its declaration.',
    ],
    [
      'full',
      6,
      'PN601\nno space left for the store (ENOSPC)\n<store>\nFree some space, for example with "patchnas cache gc", or choose another disk with --store DIR.\nFinished stages are kept; the same command goes on from them.',
    ],
    ['data', 3, 'PN313\nthe file ends after 3 of 4 data bytes\na.npy (task trouble/data)\nCopy it again.'],
    [
      'undeclared output',
      1,
      'PN159\nstage trouble asks for the output other.json, but declares only out.json\ntask trouble/undeclared output\nA stage may use only what it declares: correct its declaration or its plan.',
    ],
    [
      'undeclared input',
      1,
      'PN159\nstage trouble asks for the input "other", but has only \ntask trouble/undeclared input\nA stage may use only what it declares: correct its declaration or its plan.',
    ],
    [
      'undeclared random',
      1,
      'PN159\nstage trouble asks for random numbers without declaring "random"\ntask trouble/undeclared random\nA stage may use only what it declares: correct its declaration or its plan.',
    ],
  ])('by %s ends the run with exit code %i and leaves no record', async (how, exitCode, text) => {
    const pipeline = await Pipeline.open();
    const { error, told } = await pipeline.run([trouble(how)]);
    expect(pipeline.describe(error)).toBe(text);
    expect(error!.exitCode).toBe(exitCode);
    expect(told.slice(-2)).toEqual([`stage-failed trouble/${how}`, 'run-failed']);
    expect(await pipeline.store.places()).toEqual([]);
    expect(await readdir(pipeline.store.path('tmp'))).toEqual([]);
    expect(await readdir(pipeline.store.locks)).toEqual([]);
  });

  it('shows the end of its log', async () => {
    const pipeline = await Pipeline.open();
    const { events } = await pipeline.run([trouble('killed')]);
    const failed = events.find((event) => event.type === 'stage-failed');
    expect(failed?.tail).toEqual(['about to go wrong', '(the process ended: SIGKILL)']);
    expect(await readFile(failed!.log!, 'utf8')).toBe('about to go wrong\n(the process ended: SIGKILL)\n');
  });

  it('stops what has not begun, but not what runs', async () => {
    const pipeline = await Pipeline.open();
    const running = bytes('running', { pieces: 10, pauseMs: 50 });
    const ran = await pipeline.run([trouble('throw'), running, bytes('later'), sum('later', ['later'])], {
      jobs: 2,
    });
    expect(ran.error?.code).toBe('PN501');
    expect(started(ran.events).sort()).toEqual(['bytes/running', 'trouble/throw']);
    expect(ran.told).toContain('stage-finished bytes/running');
  });

  it('stops only what depends on it with keepGoing', async () => {
    const pipeline = await Pipeline.open();
    const dependent = { ...kernel('a'), inputs: { x: 'trouble/throw' } };
    const ran = await pipeline.run([trouble('throw'), dependent, bytes('b'), sum('b', ['b'])], {
      keepGoing: true,
    });
    expect(ran.error?.code).toBe('PN501');
    expect(started(ran.events).sort()).toEqual(['bytes/b', 'sum/b', 'trouble/throw']);
    expect((await pipeline.digests()).length).toBe(3);
  });

  it('is not one that only blocks its process for long', async () => {
    const pipeline = await Pipeline.open();
    const { error, told } = await pipeline.run([trouble('blocked', { blockMs: 1500 })]);
    expect(error).toBeUndefined();
    expect(told).toContain('note trouble/blocked: not blocked any more');
  });
});

describe('cancelling', () => {
  it('keeps what is finished, says how to go on, and goes on from the checkpoint to the same bytes', async () => {
    const tasks = [bytes('a'), sum('a', ['a'], { steps: 20, pauseMs: 20 })];
    const calm = await Pipeline.open();
    await calm.run(tasks);

    const pipeline = await Pipeline.open();
    const cancel = new AbortController();
    const stopped = await pipeline.run(tasks, {
      signal: cancel.signal,
      onEvent: (event) => {
        if (event.type === 'progress' && event.stage === 'sum') cancel.abort();
      },
    });
    expect(pipeline.describe(stopped.error)).toBe(
      'PN130\ninterrupted; 1 of 2 stages are kept\n<store>\nGo on with: patchnas run test.yaml',
    );
    expect(stopped.error!.exitCode).toBe(130);
    expect(stopped.told.slice(-2)).toEqual(['stage-cancelled sum/a', 'run-cancelled']);

    const resumed = await pipeline.run(tasks);
    expect(started(resumed.events)).toEqual(['sum/a']);
    expect(resumed.told.some((text) => text.startsWith('note sum/a: goes on at step '))).toBe(true);
    expect(await pipeline.digests()).toEqual(await calm.digests());
    const place = resumed.results!.get('sum/a')!.record;
    expect(existsSync(pipeline.store.checkpointFolder(place))).toBe(false);
  });

  it('ends a stage that does not listen', async () => {
    const pipeline = await Pipeline.open();
    const cancel = new AbortController();
    const began = performance.now();
    const { error } = await pipeline.run([trouble('blocked', { blockMs: 60_000 })], {
      signal: cancel.signal,
      onEvent: (event) => {
        if (event.type === 'stage-started') setTimeout(() => cancel.abort(), 500);
      },
    });
    expect(error?.code).toBe('PN130');
    expect(performance.now() - began).toBeLessThan(30_000);
  });
});

function started(events: readonly Event[]): string[] {
  return events.flatMap((event) => (event.type === 'stage-started' ? [event.task] : []));
}
