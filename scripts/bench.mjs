/**
 * How fast the work of a repair is on this machine, as one table:
 *   npm run bench -- [--only NAME …] [--rounds N] [--quick] [--network NAME] [--json FILE]
 * Beside PyTorch, round by round in the same run:
 *   python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.2.2 'numpy<2' safetensors
 *   npm run bench -- --peer torch --python /tmp/venv/bin/python
 * The table of a file that --json wrote, without measuring anything: --show FILE. docs/performance.md says what the
 * rows are. Needs a build and an engine, and for figures to quote a machine with nothing else to do.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { cpuInstructionSet, cpuThreads } from '../dist/engine/hardware.js';
import { withPrecision } from '../dist/engine/precision.js';
import { networks } from '../dist/networks/index.js';
import { measureGroup } from './bench/measure.mjs';
import { summarise } from './bench/report.mjs';
import { benchRows, chosenRows } from './bench/rows.mjs';
import { tableOf } from './bench/table.mjs';

const usage = `Usage: npm run bench -- [options]

  --only NAME …      only these rows; "train" stands for all that begin with "train/"
  --rounds N         rounds of each row (default 5)
  --quick            small sizes, to see that it runs; no figures to quote
  --network NAME     the network of all rows but the training steps (default allconvnet)
  --peer torch       the same work in PyTorch too, in turns
  --python PATH      the Python that has torch, numpy and safetensors (default python3)
  --json FILE        writes everything that was measured
  --show FILE        prints the table of such a file instead`;

try {
  process.exitCode = await main(options());
} catch (error) {
  if (!(error instanceof RangeError || error.code?.startsWith('ERR_PARSE_ARGS'))) throw error;
  process.stderr.write(`${error.message}\n\n${usage}\n`);
  process.exitCode = 2;
}

/** @throws {RangeError} for a value that means nothing */
function options() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: '5' },
      quick: { type: 'boolean', default: false },
      network: { type: 'string', default: 'allconvnet' },
      peer: { type: 'string' },
      python: { type: 'string' },
      json: { type: 'string' },
      show: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new RangeError(`--rounds must be a whole number of at least 1 but got ${values.rounds}`);
  const known = networks.map(({ name }) => name);
  if (!known.includes(values.network))
    throw new RangeError(`there is no network "${values.network}"\n  Networks: ${known.join(', ')}`);
  if (values.peer !== undefined && values.peer !== 'torch')
    throw new RangeError(`--peer must be torch but got ${values.peer}`);
  if (values.python !== undefined && values.peer === undefined)
    throw new RangeError('--python is for --peer torch');
  if (positionals.length > 0 && values.only.length === 0)
    throw new RangeError(`names of rows stand behind --only: --only ${positionals.join(' ')}`);
  return { ...values, rounds, only: [...values.only, ...positionals] };
}

/** @returns the exit code */
async function main({ only, rounds, quick: isQuick, network, peer, python, json, show, help }) {
  if (help) {
    console.log(usage);
    return 0;
  }
  if (show !== undefined) return finish(summarise(JSON.parse(await readFile(show, 'utf8'))), json);
  const rows = chosenRows(benchRows({ network, isQuick }), only, hasBfloat16());
  const groups = grouped(rows);
  const measured = {
    ...{ startedAt: new Date().toISOString(), isQuick, network, rounds },
    machine: {
      cpu: cpus()[0].model,
      cores: cpuThreads(),
      memoryBytes: totalmem(),
      busyShare: await busyShare(),
    },
    ours: { patchnas: await version(), node: process.versions.node, engine: null },
    peer: null,
    rows: [],
  };
  for (const [k, group] of groups.entries()) {
    process.stderr.write(`[${k + 1}/${groups.length}] ${group.map(({ name }) => name).join(', ')}\n`);
    const result = await measureGroup(group, { rounds, python: peer && (python ?? 'python3') });
    measured.rows.push(...result.rows);
    measured.ours.engine ??= result.engine ?? null;
    measured.peer ??= result.peer ? { name: peer, ...result.peer } : null;
    for (const { name, side, failure } of failures(result.rows))
      process.stderr.write(`${name}, ${side}: ${failure}\n`);
    if (json !== undefined) await write(json, summarise(measured)); // what is done stays when a later row is interrupted
  }
  return finish(summarise(measured), json);
}

async function finish(report, json) {
  if (json !== undefined) await write(json, report);
  console.log(tableOf(report));
  return failures(report.rows).length > 0 ? 1 : 0;
}

function failures(rows) {
  return rows.flatMap(({ name, sides }) =>
    sides.flatMap(({ side, failure }) => (failure === undefined ? [] : [{ name, side, failure }])),
  );
}

async function write(file, report) {
  await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
}

function hasBfloat16() {
  return (
    withPrecision({ device: 'cpu', instructionSet: cpuInstructionSet() }, 'auto').precision === 'bfloat16'
  );
}

/** Share of all processors that other work takes, over a second. */
async function busyShare() {
  const read = () =>
    cpus().reduce(
      ({ idle, all }, { times }) => ({
        idle: idle + times.idle,
        all: all + Object.values(times).reduce((a, b) => a + b, 0),
      }),
      { idle: 0, all: 0 },
    );
  const before = read();
  await sleep(1000);
  const after = read();
  return 1 - (after.idle - before.idle) / (after.all - before.all);
}

/** Rows by their group, in their order. */
function grouped(rows) {
  const names = [...new Set(rows.map(({ group }) => group))];
  return names.map((name) => rows.filter(({ group }) => group === name));
}

async function version() {
  return JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')).version;
}
