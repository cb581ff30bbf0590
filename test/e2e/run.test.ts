import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Event } from '../../src/core/events.js';
import { cacheDir } from '../support/cache-dir.js';
import { Rig, type Outcome } from '../support/rig.js';

/** A whole experiment on two noises in seconds: a real network, badly trained, and real TensorFlow. */
const experiment = `name: tiny
repeats: 1
dataset: { name: shapes, train: 300, test: 60 }
network: { name: allconvnet, width: 0.05, pretrain: { epochs: 3 } }
noise: { types: [glass_blur, contrast], severities: [2, 4], images: 50 }
split: { failures: 15 }
probe: { epochs: 1, samples: 128 }
search: { candidates: 3, steps: 2, batch: 16, scoreSamples: 8, nodes: 3, tasks: [rotation, jigsaw] }
train: { epochs: 1 }
`;

interface Watched extends Outcome {
  readonly events: readonly Event[];
}

/** `patchnas run tiny.yaml` with a store of its own name, offline, with the engine that is set up. */
function run(
  rig: Rig,
  store: string,
  more = '',
  onEvent: (event: Event, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Watched> {
  const events: Event[] = [];
  let rest = '';
  return rig
    .run(`run tiny.yaml --offline --renderer json --store ${store} ${more}`, {
      env: { PATCHNAS_CACHE: cacheDir },
      onOutput: (text, kill) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop()!;
        for (const line of lines) {
          if (!line.startsWith('{"')) continue;
          const event = JSON.parse(line) as Event;
          events.push(event);
          onEvent(event, kill);
        }
      },
    })
    .then((outcome) => ({ ...outcome, events }));
}

async function open(): Promise<Rig> {
  const rig = await Rig.open();
  await rig.write({ 'tiny.yaml': experiment });
  return rig;
}

/** Every CSV of the results but the times, by name. */
async function tables(rig: Rig, folder = 'results/tiny'): Promise<Record<string, string>> {
  const names = (await readdir(rig.path(folder))).filter(
    (name) => name.endsWith('.csv') && name !== 'times.csv',
  );
  const texts = await Promise.all(names.sort().map((name) => rig.read(join(folder, name))));
  return Object.fromEntries(names.map((name, k) => [name, texts[k]!]));
}

const started = ({ events }: Watched): string[] =>
  events.flatMap((event) => (event.type === 'stage-started' ? [event.task] : []));

/** One run from nothing to tables, whose results and store the tests start from and leave as they are. */
let folder: string;
let reference: Record<string, string>;
let first: Watched;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchnas-run-'));
  const rig = Rig.at(folder);
  await rig.write({ 'tiny.yaml': experiment });
  first = await run(rig, 'store');
  reference = await tables(rig);
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A rig with a copy of the reference store, less the records of some stages. */
async function openWithout(...stages: readonly string[]): Promise<Rig> {
  const rig = await open();
  await cp(join(folder, 'store'), rig.path('store'), { recursive: true });
  for (const stage of stages) await rm(rig.path('store', stage), { recursive: true });
  return rig;
}

describe('patchnas run', { timeout: 300_000 }, () => {
  it('goes from an experiment file to the tables', async () => {
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.events.at(-2)).toMatchObject({ type: 'run-finished', name: 'tiny', hits: 0 });
    expect(first.events.at(-1)).toMatchObject({
      type: 'results-published',
      dir: join(folder, 'results/tiny'),
      notes: ['search not trained in 2 of 2 searches', 'one repeat: no standard deviation'],
    });
    expect((await readdir(join(folder, 'results/tiny'))).sort()).toEqual([
      'classes.csv',
      'comparisons.csv',
      'figures',
      'gate.csv',
      'manifest.json',
      'report.html',
      'report.txt',
      'resolved.yaml',
      'search.json',
      'severity.csv',
      'table-1.csv',
      'table-3.csv',
      'table-4.csv',
      'tables.json',
      'times.csv',
    ]);
    const rows = reference['table-1.csv']!.trimEnd().split('\n');
    for (const method of ['patchnas', 'original', 'patch-random', 'gate-always'])
      for (const noise of ['glass_blur', 'contrast'])
        expect(rows.some((row) => row.includes(method) && row.includes(noise))).toBe(true);
    const manifest = JSON.parse(await readFile(join(folder, 'results/tiny/manifest.json'), 'utf8')) as {
      stages: { task: string; key: string }[];
    };
    expect(manifest.stages.map(({ task }) => task).sort()).toEqual(started(first).sort());
    for (const { task, key } of manifest.stages) {
      const stage = task.split('/')[0]!;
      expect(existsSync(join(folder, 'store', stage, key, 'record.json'))).toBe(true);
    }
  });

  it('runs nothing when it is run again, and writes the same tables', async () => {
    const rig = await openWithout();
    const again = await run(rig, 'store');
    expect([again.code, started(again)]).toEqual([0, []]);
    expect(again.events.at(-2)).toMatchObject({ type: 'run-finished', ran: 0, hits: started(first).length });
    expect(await tables(rig)).toEqual(reference);
  });

  it('writes the same bytes from an empty store', async () => {
    const rig = await open();
    expect((await run(rig, 'another')).code).toBe(0);
    expect(await tables(rig)).toEqual(reference);
  });

  it('after a change of sigma runs what follows the decision and nothing else', async () => {
    const rig = await openWithout();
    const change = '--set gate.sigma.quantile=0.7';
    const planned = await rig.run(`plan tiny.yaml --json --store store ${change}`, {
      env: { PATCHNAS_CACHE: cacheDir },
    });
    const plan = JSON.parse(planned.stdout) as { task: string; stage: string; state: string }[];
    const toRun = plan.filter(({ state }) => state !== 'hit');
    expect([...new Set(toRun.map(({ stage }) => stage))].sort()).toEqual(['evaluate', 'report', 'train']);
    const changed = await run(rig, 'store', change);
    expect(changed.code).toBe(0);
    expect(started(changed).sort()).toEqual(toRun.map(({ task }) => task).sort());
    expect(started(changed).filter((task) => task.startsWith('evaluate/original'))).toEqual([]);
    expect((await tables(rig))['gate.csv']).not.toBe(reference['gate.csv']);
  });

  it('killed in corrupt, in a training epoch and while a record is published, ends with the same bytes', async () => {
    const rig = await open();
    const kinds = new Map<string, (event: Event) => boolean>([
      ['corrupt', (event) => event.type === 'stage-started' && event.task === 'corrupt/glass_blur'],
      [
        'training', // the first step of the second epoch of three
        (event) =>
          event.type === 'progress' &&
          event.task === 'pretrain' &&
          event.label === 'epoch 2/3' &&
          event.done % 2 === 1,
      ],
    ]);
    for (const [name, when] of kinds) {
      let hit: Event | undefined;
      const killed = await run(rig, 'store', '', (event, kill) => {
        if (hit || !when(event)) return;
        hit = event;
        kill('SIGKILL');
      });
      expect([name, killed.signal]).toEqual([name, 'SIGKILL']);
      const task = (hit as { task: string } | undefined)?.task ?? '';
      expect(killed.events.some((event) => event.type === 'stage-finished' && event.task === task)).toBe(
        false,
      );
      expect(existsSync(rig.path('results'))).toBe(false);
    }
    const caught = await killWhilePublishing(rig);
    expect(caught).toBeGreaterThan(0);
    const last = await run(rig, 'store');
    expect([last.code, last.stderr]).toEqual([0, '']);
    const warnings = last.events.filter((event) => event.type === 'warning');
    expect(warnings).toEqual([]); // no damaged record was found
    expect(await tables(rig)).toEqual(reference);
    expect(readdirSync(rig.path('store/tmp'))).toEqual([]);
  });

  it('goes on after the epoch that was finished when it was killed', async () => {
    const rig = await openWithout(
      ...(await readdir(join(folder, 'store'))).filter(isStage).filter((s) => s !== 'dataset'),
    );
    await run(rig, 'store', '--until pretrain', (event, kill) => {
      if (event.type === 'progress' && event.label === 'epoch 3/3') kill('SIGKILL');
    });
    const resumed = await run(rig, 'store', '--until pretrain');
    const notes = resumed.events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
    expect(notes).toEqual(['goes on after epoch 2']);
    expect(await digests(rig.path('store'))).toMatchObject(await digests(join(folder, 'store'), 'pretrain'));
  });

  it('stopped with Ctrl-C exits with 130, says what is kept, and goes on', async () => {
    const rig = await openWithout('search', 'train', 'evaluate', 'report');
    let isSent = false;
    const stopped = await run(rig, 'store', '', (event, kill) => {
      if (isSent || event.type !== 'progress' || event.stage !== 'search') return;
      isSent = true;
      kill('SIGINT');
    });
    expect(stopped.code).toBe(130);
    const kept = stopped.events.at(-1);
    expect(kept).toMatchObject({ type: 'run-cancelled', name: 'tiny' });
    const { kept: count, resume } = kept as { kept: number; resume: string };
    expect(stopped.stderr).toBe(
      `PN130 interrupted; ${count} of ${started(first).length} stages are kept\n` +
        `  at ${rig.path('store')}\n` +
        `  Go on with: ${resume}\n`,
    );
    expect(resume).toBe('patchnas run tiny.yaml --offline --renderer json --store store');
    expect(existsSync(rig.path('results'))).toBe(false);
    expect((await run(rig, 'store')).code).toBe(0);
    expect(await tables(rig)).toEqual(reference);
  });

  it('--until stops after a stage and says where its outputs are', async () => {
    const rig = await openWithout();
    const { code, stdout } = await rig.run('run tiny.yaml --offline --store store --until pretrain', {
      env: { PATCHNAS_CACHE: cacheDir },
    });
    expect(code).toBe(0);
    const found = /^pretrain: (.*)\n$/.exec(stdout)?.[1];
    expect((await readdir(found!)).sort()).toEqual(['history.json', 'network.safetensors', 'record.json']);
    expect(existsSync(rig.path('results'))).toBe(false);
  });

  it('a GPU that is not there is an error of the engine, and no stage runs', async () => {
    const rig = await open();
    const { code, stderr } = await rig.run('run tiny.yaml --offline --store store --set engine.device=gpu', {
      env: { PATCHNAS_CACHE: cacheDir, CUDA_VISIBLE_DEVICES: '' },
    });
    expect(code).toBe(4);
    const [message, , cure] = stderr.split('\n');
    expect(message).toBe('PN402 the device is gpu, but there is no NVIDIA GPU here');
    expect(cure).toBe('  Write `device: cpu` or `device: auto`, or install the NVIDIA driver.');
    expect(await readdir(rig.path('store'))).toEqual(['runs']); // the file of its events
    expect(existsSync(rig.path('results'))).toBe(false);
  });
});

const isStage = (name: string): boolean =>
  !['tmp', 'locks', 'damaged', 'checkpoints', 'logs', 'runs'].includes(name);

/** Digests of the outputs of every record, by stage and key. */
async function digests(store: string, only?: string): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const stage of (await readdir(store)).filter(isStage).filter((name) => !only || name === only))
    for (const key of await readdir(join(store, stage))) {
      const record = JSON.parse(await readFile(join(store, stage, key, 'record.json'), 'utf8')) as {
        outputs: unknown;
      };
      found[`${stage}/${key}`] = record.outputs;
    }
  return found;
}

/**
 * Runs the experiment and kills it as soon as a draft has its record, which is written last, just before the draft
 * gets its final name. Tries a few times, each from where the last one ended.
 * @returns how often a whole draft was left behind without its final name
 */
async function killWhilePublishing(rig: Rig): Promise<number> {
  const drafts = (): string[] => {
    try {
      return readdirSync(rig.path('store/tmp')).filter((draft) =>
        readdirSync(rig.path('store/tmp', draft)).some((file) => file.startsWith('record.json')),
      );
    } catch {
      return []; // a draft got its name between the two looks
    }
  };
  let caught = 0;
  for (let attempt = 0; attempt < 6 && caught === 0; attempt++) {
    let watch: NodeJS.Timeout | undefined;
    const { signal } = await run(rig, 'store', '', (event, kill) => {
      if (event.type !== 'run-started') return;
      watch = setInterval(() => {
        if (drafts().length > 0) kill('SIGKILL');
      }, 1);
    });
    clearInterval(watch);
    if (signal !== 'SIGKILL') break; // it was quicker every time and has finished
    if (drafts().length > 0) caught++;
  }
  return caught;
}
