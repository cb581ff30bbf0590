/**
 * Tiny stages for the tests of the pipeline. Plain JavaScript, since worker processes load them without a compiler.
 * How long a stage takes stands in its parameters, so that a test can stop it at every point.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { DataError } from '../../../dist/core/errors.js';

const stage = { version: 1, random: false, engine: false };

/** `count` random bytes, written in `pieces` with a pause after each. */
const bytes = {
  ...stage,
  name: 'bytes',
  summary: 'random bytes',
  outputs: ['bytes.bin'],
  random: true,
  async run({ params, output, rng, emit, signal }) {
    const pieces = params.pieces ?? 1;
    const all = rng;
    writeFileSync(output('bytes.bin'), '');
    for (let piece = 0; piece < pieces; piece++) {
      signal.throwIfAborted();
      const part = Uint8Array.from({ length: params.count / pieces }, () => all.int(256));
      writeFileSync(output('bytes.bin'), part, { flag: 'a' });
      emit({ type: 'progress', done: piece + 1, total: pieces, unit: 'pieces' });
      await sleep(params.pauseMs ?? 0);
    }
  },
};

/** The sum of all bytes of its inputs, in `steps` with a checkpoint after each. */
const sum = {
  ...stage,
  name: 'sum',
  summary: 'adds bytes up',
  outputs: ['sum.json', 'steps.json'],
  async run({ params, input, output, checkpointDir, emit, signal }) {
    const file = `${checkpointDir}/state.json`;
    const state = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { step: 0, total: 0 };
    if (state.step > 0) emit({ type: 'note', text: `goes on at step ${state.step}` });
    const data = params.roles.map((role) => readFileSync(input(role, 'bytes.bin')));
    const all = Buffer.concat(data);
    const steps = params.steps ?? 1;
    while (state.step < steps) {
      signal.throwIfAborted();
      const size = Math.ceil(all.length / steps);
      for (const byte of all.subarray(state.step * size, (state.step + 1) * size)) state.total += byte;
      state.step++;
      writeFileSync(`${file}.new`, JSON.stringify(state));
      renameSync(`${file}.new`, file);
      emit({ type: 'progress', done: state.step, total: steps, unit: 'steps' });
      await sleep(params.pauseMs ?? 0);
    }
    writeFileSync(output('sum.json'), JSON.stringify(state.total));
    writeFileSync(output('steps.json'), JSON.stringify(steps));
  },
};

/** Goes wrong in the way that `how` says. */
const trouble = {
  ...stage,
  name: 'trouble',
  summary: 'goes wrong',
  outputs: ['out.json'],
  async run(context) {
    const { params, output, input, emit } = context;
    console.log('about to go wrong');
    switch (params.how) {
      case 'throw':
        throw new Error('the loss is NaN at step 7');
      case 'exit':
        return process.exit(9);
      case 'killed':
        process.kill(process.pid, 'SIGKILL');
        return sleep(10_000);
      case 'abort':
        return process.abort();
      case 'nothing':
        return;
      case 'strange':
        writeFileSync(output('out.json'), '1');
        return writeFileSync(output('out.json').replace('out', 'strange'), '1');
      case 'full':
        return writeFileSync('/dev/full', 'x'); // says what a full disk says
      case 'forbidden':
        return writeFileSync(`${output('out.json')}/x/y`, 'x');
      case 'data':
        throw new DataError('the file ends after 3 of 4 data bytes', {
          code: 'PN313',
          where: 'a.npy',
          fix: 'Copy it again.',
        });
      case 'undeclared output':
        return output('other.json');
      case 'undeclared input':
        return input('other', 'bytes.bin');
      case 'undeclared random':
        return context.rng.double();
      case 'blocked':
        // As a long kernel does: nothing else happens in this process meanwhile.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, params.blockMs);
        emit({ type: 'note', text: 'not blocked any more' });
        return writeFileSync(output('out.json'), '1');
      default:
        throw new Error(`no such trouble: ${params.how}`);
    }
  },
};

/** Stands for a stage on TensorFlow: notes when it began and ended. */
const kernel = {
  ...stage,
  name: 'kernel',
  summary: 'pretends to use the engine',
  outputs: ['time.json'],
  engine: true,
  async run({ params, output }) {
    const began = Date.now();
    await sleep(params.pauseMs ?? 0);
    writeFileSync(output('time.json'), JSON.stringify({ began, ended: Date.now(), pid: process.pid }));
  },
};

/** Uses all the cores that it is given, for some time. */
const threads = {
  ...stage,
  name: 'threads',
  summary: 'uses several cores',
  outputs: ['cores.json'],
  isThreaded: true,
  async run({ params, output, runtime, emit }) {
    emit({ type: 'metric', name: 'cores', value: runtime.cores });
    await sleep(params.pauseMs ?? 0);
    writeFileSync(output('cores.json'), JSON.stringify(runtime.cores));
  },
};

export const stages = [bytes, sum, trouble, kernel, threads];
