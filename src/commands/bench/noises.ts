import { availableParallelism } from 'node:os';

import { Flags } from '@oclif/core';

import { noises } from '../../noises/index.js';
import { msInPool, msOnOneCore, sampleImages } from '../../noises/measure.js';
import { severities } from '../../noises/noise.js';
import { NoisePool } from '../../noises/pool.js';
import { referenceMs } from '../../noises/reference-times.js';
import { BaseCommand } from '../../ui/base-command.js';
import { columns } from '../../ui/columns.js';
import { formatDuration } from '../../ui/format.js';

/** Milliseconds an image; the mean of the five severities. */
interface Row {
  readonly noise: string;
  readonly reference32: number | null;
  readonly oneCore32: number;
  readonly pool32: number;
  readonly oneCore64: number;
  readonly pool64: number;
}

interface Bench {
  readonly jobs: number;
  readonly images: number;
  readonly rows: readonly Row[];
  /** The time for 15 noises x 5 severities x 10,000 images of 32x32. */
  readonly wholeSetMs: { readonly reference: number; readonly oneCore: number; readonly pool: number };
}

export default class BenchNoises extends BaseCommand<typeof BenchNoises> {
  static override summary = 'Measure how long each noise takes';
  static override description =
    'Milliseconds an image (mean of the five severities), at 32x32 and 64x64: processor time on one core, and wall time with a pool of threads. Beside it what the Python reference took, and the time for all of CIFAR-10-C.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --jobs 2',
  ];
  static override flags = {
    jobs: Flags.integer({ summary: 'Threads of the pool (default: all cores)', min: 1 }),
    images: Flags.integer({
      summary: 'Images of 32x32 to measure with; a quarter of 64x64',
      min: 4,
      default: 200,
    }),
  };

  async run(): Promise<Bench> {
    const { images } = this.flags;
    const jobs = this.flags.jobs ?? availableParallelism();
    const pool = new NoisePool(jobs);
    try {
      const rows = await this.measure(pool, images);
      const bench = { jobs, images, rows, wholeSetMs: wholeSet(rows) };
      this.print(text(bench));
      return bench;
    } finally {
      await pool.close();
    }
  }

  private measure(pool: NoisePool, images: number): Promise<Row[]> {
    const small = sampleImages(images, 32);
    const large = sampleImages(Math.ceil(images / 4), 64);
    return this.reporting(async (emit) => {
      const rows: Row[] = [];
      for (const { name } of noises) {
        this.signal.throwIfAborted();
        rows.push({
          noise: name,
          reference32: referenceMs[name] ?? null,
          oneCore32: await msOnOneCore(name, small),
          pool32: await msInPool(pool, name, small),
          oneCore64: await msOnOneCore(name, large),
          pool64: await msInPool(pool, name, large),
        });
        emit({
          type: 'setup',
          time: Date.now(),
          what: 'measuring noises',
          done: rows.length,
          total: noises.length,
          unit: 'noises',
        });
      }
      return rows;
    });
  }
}

function wholeSet(rows: readonly Row[]): Bench['wholeSetMs'] {
  const total = (ms: (row: Row) => number): number =>
    rows.reduce((sum, row) => sum + ms(row), 0) * severities.length * 10_000;
  return {
    reference: total((row) => row.reference32 ?? 0),
    oneCore: total((row) => row.oneCore32),
    pool: total((row) => row.pool32),
  };
}

function text({ jobs, images, rows, wholeSetMs }: Bench): string {
  const right = (value: string): { readonly right: string } => ({ right: value });
  const ms = (value: number | null): { readonly right: string } =>
    right(value === null ? '' : value.toFixed(3));
  const pool = `${jobs} thread${jobs === 1 ? '' : 's'}`;
  const table = columns([
    [
      'ms an image',
      right('Python 32'),
      right('1 core 32'),
      right(`${pool} 32`),
      right('1 core 64'),
      right(`${pool} 64`),
    ],
    ...rows.map((row) => [
      row.noise,
      ms(row.reference32),
      ms(row.oneCore32),
      ms(row.pool32),
      ms(row.oneCore64),
      ms(row.pool64),
    ]),
  ]);
  const { reference, oneCore, pool: pooled } = wholeSetMs;
  return `${table}

All of CIFAR-10-C (${rows.length} noises x ${severities.length} severities x 10,000 images of 32x32):
${formatDuration(oneCore)} on one core, ${formatDuration(pooled)} with ${pool}; the Python reference ${formatDuration(reference)} on one core of its machine.
Means of ${images} images at each severity.`;
}
