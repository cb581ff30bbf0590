import { readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import type { Event } from '../../../src/core/events.js';
import type { Task } from '../../../src/pipeline/stage.js';
import { bytes, sum, trouble } from '../../support/pipeline/harness.js';
import { type Outcome, Rig, type RunOptions } from '../../support/rig.js';

const cli = fileURLToPath(new URL('../../support/pipeline/cli.mjs', import.meta.url));
const tasks: Task[] = [bytes('a', { pieces: 4, pauseMs: 20 }), sum('a', ['a'])];

async function rigWith(list: readonly Task[] = tasks): Promise<Rig> {
  const rig = await Rig.open();
  await rig.write({ 'tasks.json': JSON.stringify(list) });
  return rig;
}

function run(rig: Rig, line: string, options?: RunOptions): Promise<Outcome> {
  return rig.exec(process.execPath, [cli, ...line.split(' ').filter(Boolean)], options);
}

/** In a pseudo-terminal, as a person has it; `script` passes the exit code on. */
function runOnTerminal(rig: Rig, line: string, options: RunOptions = {}): Promise<Outcome> {
  const env = { TERM: 'xterm-256color', ...options.env };
  return rig.exec(
    'script',
    ['-qec', `stty cols 100 rows 40; '${process.execPath}' '${cli}' ${line}`, '/dev/null'],
    {
      ...options,
      env,
    },
  );
}

const escape = '\u001b[';

describe('where things are said', () => {
  it('results on stdout, progress on stderr, one line an event, no control codes', async () => {
    const rig = await rigWith();
    const { code, stdout, stderr } = await run(rig, 'tasks.json');
    expect(code).toBe(0);
    expect(stdout).toBe('result 0\n');
    const lines = stderr
      .replaceAll(rig.folder, '<rig>')
      .replace(/in \d+\.\d s(, \d+ MB of memory)?/g, 'in <time>');
    expect(lines.replace(/^\[\d\d:\d\d\] /gm, '')).toBe(
      [
        'test: 2 stages, 0 of them kept from earlier; engine none; store <rig>/cache/store',
        'bytes/a started',
        'bytes/a finished in <time>',
        'sum/a started',
        'sum/a finished in <time>',
        'test: finished in <time>, 2 ran, 0 kept from earlier',
        '',
      ].join('\n'),
    );
    expect(stderr).not.toContain(escape);
  });

  it('all events in a file of the store', async () => {
    const rig = await rigWith();
    await run(rig, 'tasks.json');
    const events = await rig.events();
    expect(events.map((event) => event.type)).toEqual([
      'run-started',
      'stage-started',
      ...events
        .filter((event) => event.type === 'progress' && event.task === 'bytes/a')
        .map(() => 'progress'),
      'stage-finished',
      'stage-started',
      'progress',
      'stage-finished',
      'run-finished',
    ]);
  });

  it('--json: the value and nothing else on stdout', async () => {
    const rig = await rigWith();
    const { stdout, stderr } = await run(rig, 'tasks.json --json');
    expect(JSON.parse(stdout)).toEqual({ kept: 2 });
    expect(stderr).toContain('bytes/a started');
  });

  it('--renderer json: the events and nothing else on stdout', async () => {
    const rig = await rigWith();
    const { stdout, stderr } = await run(rig, 'tasks.json --renderer json');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Event);
    expect(events).toEqual(await rig.events());
    expect(stderr).toBe('');
  });

  it('both: the value on stdout, the events on stderr', async () => {
    const rig = await rigWith();
    const { stdout, stderr } = await run(rig, 'tasks.json --renderer json --json');
    expect(JSON.parse(stdout)).toEqual({ kept: 2 });
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Event),
    ).toEqual(await rig.events());
  });

  it('PATCHNAS_STORE and --store move the store', async () => {
    const rig = await rigWith();
    await run(rig, 'tasks.json', { env: { PATCHNAS_STORE: rig.path('one') } });
    await run(rig, 'tasks.json --store two', { env: { PATCHNAS_STORE: rig.path('one') } });
    expect(existsSync(rig.path('one/sum'))).toBe(true);
    expect(existsSync(rig.path('two/sum'))).toBe(true);
    expect(existsSync(rig.path('cache'))).toBe(false);
  });
});

describe('on a terminal', () => {
  it('rows move, on stderr only', async () => {
    const rig = await rigWith([bytes('a', { pieces: 10, pauseMs: 50 }), sum('a', ['a'])]);
    const { code, stdout } = await runOnTerminal(rig, 'tasks.json 2>&1 >result.txt');
    expect(code).toBe(0);
    expect(stdout).toContain(escape);
    expect(stdout).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    expect(stdout).toMatch(/bytes {2}1 of 1, \d\.\d s/);
    expect(stdout).toMatch(/sum {2}1 of 1, \d\.\d s/);
    expect(stdout).toContain('bytes/a');
    expect(stdout.lastIndexOf(`${escape}?25h`)).toBeGreaterThan(stdout.lastIndexOf(`${escape}?25l`));
    expect(await rig.read('result.txt')).toBe('result 0\n');
  });

  it('a failure is said below the rows, with the end of the log', async () => {
    const rig = await rigWith([trouble('throw')]);
    const { code, stdout } = await runOnTerminal(rig, 'tasks.json');
    expect(code).toBe(5);
    const [, below] = stdout.split(`${escape}?25h`);
    expect(below).toContain(
      'trouble/throw: PN501 stage trouble failed: the loss is NaN at step 7\r\nabout to go wrong\r\n',
    );
    expect(below).toContain(
      '\r\nPN501 stage trouble failed: the loss is NaN at step 7\r\n  at task trouble/throw\r\n',
    );
  });

  it.each([
    ['CI', { CI: 'true' }],
    ['a dumb terminal', { TERM: 'dumb' }],
  ])('%s gets plain lines', async (_, env) => {
    const rig = await rigWith();
    const { code, stdout } = await runOnTerminal(rig, 'tasks.json', { env });
    expect(code).toBe(0);
    expect(stdout).not.toContain(escape);
    expect(stdout).toContain('] bytes/a started\r\n');
  });

  it('NO_COLOR leaves movement and takes colours', async () => {
    const rig = await rigWith();
    const { stdout } = await runOnTerminal(rig, 'tasks.json', { env: { NO_COLOR: '1' } });
    expect(stdout).toContain(`${escape}?25l`);
    // eslint-disable-next-line no-control-regex -- colours are control codes
    expect(stdout).not.toMatch(/\u001b\[\d+m/);
  });

  it('Ctrl-C gives the terminal back and ends with 130', async () => {
    const rig = await rigWith([bytes('a', { pieces: 100, pauseMs: 100 })]);
    const { code, stdout } = await runOnTerminal(
      rig,
      `tasks.json & pid=$!; sleep 2; kill -INT $pid; wait $pid`,
    );
    expect(code).toBe(130);
    expect(stdout).toContain(`${escape}?25h`);
    expect(stdout).toContain('PN130 interrupted; 0 of 1 stages are kept');
    expect(stdout).toContain('Go on with: the same command');
  });
});

describe('exit codes', () => {
  it.each([
    ['InternalError', 1],
    ['UsageError', 2],
    ['DataError', 3],
    ['EngineError', 4],
    ['StageError', 5],
    ['StoreError', 6],
    ['ResultsDiffer', 7],
    ['Interrupted', 130],
  ])('%s is %i, with and without --json', async (name, code) => {
    const rig = await Rig.open();
    const text = 'PN999 it happened\n  at here\n  Mend it.\n';
    expect(await run(rig, `--throw ${name}`)).toEqual({ code, signal: null, stdout: '', stderr: text });
    const json = await run(rig, `--throw ${name} --json`);
    expect(json).toMatchObject({ code, stderr: text });
    expect(JSON.parse(json.stdout)).toEqual({
      error: { code: 'PN999', exitCode: code, message: 'it happened', where: 'here', fix: 'Mend it.' },
    });
  });

  it('a wrong configuration is 2, a bug is 1, a wrong flag is 2', async () => {
    const rig = await Rig.open();
    expect(await run(rig, '--throw ConfigError')).toMatchObject({
      code: 2,
      stderr: 'a.yaml:1:1  PN205 the file is empty\n',
    });
    expect(await run(rig, '--throw TypeError')).toMatchObject({
      code: 1,
      stderr:
        'PN100 x is not a function\n  This is a bug of patchnas: please report it with what --debug adds.\n',
    });
    expect(await run(rig, '--nope')).toMatchObject({
      code: 2,
      stderr: 'PN290 Nonexistent flag: --nope\n  See the same command with --help\n',
    });
    expect(await readdir(rig.folder)).toEqual([]);
  });

  it('stacks only with --debug', async () => {
    const rig = await Rig.open();
    const { stderr } = await run(rig, '--throw TypeError --debug');
    expect(stderr).toMatch(/\nTypeError: x is not a function\n {4}at .*cli\.mjs/);
  });
});

describe('a reader who leaves', () => {
  it.each(['', '--json'])('ends the command quietly with 0 (%s)', async (flags) => {
    const rig = await Rig.open();
    const line = `'${process.execPath}' '${cli}' --lines 200000 ${flags} | head -n 1; echo "code \${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await rig.exec('bash', ['-c', line]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/code 0\n$/);
  });
});

describe('bin/run.js', () => {
  it.each(['--help', '--version', 'run --help', 'cache --help'])(
    '%s loads neither engine nor stages',
    async (line) => {
      const rig = await Rig.open();
      const { code, stdout, stderr } = await rig.run(line, { env: { NODE_V8_COVERAGE: rig.path('loaded') } });
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toContain('patchnas');
      const [report] = await readdir(rig.path('loaded'));
      const { result } = JSON.parse(await readFile(rig.path('loaded', report!), 'utf8')) as {
        result: { url: string }[];
      };
      const isOurs = (url: string): boolean => /\/dist\//.test(url) && !url.includes('/node_modules/');
      const ours = result
        .map(({ url }) => url)
        .filter((url) => isOurs(url) || /@tensorflow|listr2/.test(url));
      expect(ours).toEqual([]);
    },
  );

  it('plans without an engine and writes nothing', async () => {
    const rig = await Rig.open();
    const config = [
      'name: tiny',
      'dataset: { name: shapes, train: 200, test: 50 }',
      'network: { name: allconvnet, width: 0.25, pretrain: { epochs: 1 } }',
      'noise: { types: [fog] }',
      'split: { failures: 10 }',
      'search: { scoreSamples: 20, cacheSamples: 100 }',
      'engine: { device: cpu }',
    ];
    await rig.write({ 'tiny.yaml': config.join('\n') });
    const { code, stdout, stderr } = await rig.run('plan tiny.yaml');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')[0]).toMatch(/^runs {2}dataset +no earlier record$/);
    const [sum, count] = stdout.trimEnd().split('\n').slice(-2);
    expect(sum).toMatch(/^tiny: (\d+) stages, 0 kept, \1 to run, \1 without an earlier record$/);
    expect(count).toBe(
      'some 3 h 36 min on two CPU cores, by a rough count of images and passes; a GPU takes a small part of it',
    );
    const lines = JSON.parse((await rig.run('plan tiny.yaml --json')).stdout) as {
      task: string;
      key: string;
    }[];
    expect(lines[0]).toMatchObject({
      task: 'dataset',
      key: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(await readdir(rig.folder)).toEqual(['tiny.yaml']);
    const wrong = await rig.run('plan tiny.yaml --set noise.types=[fogg]');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).not.toContain('    at ');
  });

  it('knows what the store is made of: ls, why, verify, gc', async () => {
    const rig = await rigWith();
    await run(rig, 'tasks.json');
    const listed = JSON.parse((await rig.run('cache ls --json')).stdout) as { task: string; key: string }[];
    expect(listed.map(({ task }) => task)).toEqual(['bytes/a', 'sum/a']);
    const why = await rig.run(`cache why ${listed[1]!.key.slice(0, 10)}`);
    expect(why.stdout).toContain(`sum/a ${listed[1]!.key}\n`);
    expect(why.stdout).toContain('There is no other record of stage sum.');
    expect(await rig.run('cache verify')).toMatchObject({
      code: 0,
      stdout: `All 2 records in ${rig.path('cache/store')} are whole.\n`,
    });
    await rig.write({ [`cache/store/sum/${listed[1]!.key}/sum.json`]: '0' });
    const damaged = await rig.run('cache verify');
    expect(damaged.code).toBe(6);
    expect(damaged.stderr).toMatch(/^PN605 1 of 2 records were damaged\n/);
    expect(await rig.run('cache verify')).toMatchObject({ code: 0 });
    expect((await rig.run('cache gc --unused-for 0 --dry-run')).stdout).toMatch(/Would remove 3 entries/);
    expect((await rig.run('cache gc')).stdout).toMatch(/^Removed 0 entries, 0 B\n$/);
    expect((await rig.run('cache gc --unused-for 0')).stdout).toMatch(/Removed 3 entries/);
    expect((await rig.run('cache ls')).stdout).toBe(`No finished stages in ${rig.path('cache/store')}\n`);
  });
});
