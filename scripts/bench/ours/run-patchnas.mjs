import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { now } from '../clock.mjs';

const command = fileURLToPath(new URL('../../../bin/run.js', import.meta.url));
const atExit = fileURLToPath(new URL('at-exit.cjs', import.meta.url));

/** Runs `patchnas` in that folder: seconds on the wall, processor and memory of it and of its workers. */
export async function runPatchnas(folder, args) {
  const usage = join(folder, 'usage.jsonl');
  await rm(usage, { force: true });
  const before = now();
  await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--require', atExit, command, ...args], {
      cwd: folder,
      env: { ...process.env, PATCHNAS_BENCH_USAGE: usage },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2000)));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`patchnas ${args.join(' ')} ended with ${code}: ${said}`)),
    );
  });
  const seconds = now().seconds - before.seconds;
  const processes = (await readFile(usage, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return {
    seconds,
    cpuSeconds: processes.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    peakBytes: Math.max(...processes.map(({ peakBytes }) => peakBytes)),
  };
}
