import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';

import { Flags } from '@oclif/core';

import { Interrupted } from '../core/errors.js';
import { Rng } from '../core/rng.js';
import { datasets } from '../datasets/index.js';
import { readDataset } from '../datasets/read-dataset.js';
import { noises } from '../noises/index.js';
import { severities, type Severity } from '../noises/noise.js';
import { NoisePool } from '../noises/pool.js';
import { writeSet, type WrittenFile } from '../noises/write-set.js';
import { BaseCommand } from '../ui/base-command.js';
import { formatBytes, formatCount } from '../ui/format.js';

const all = 'all';

interface Corrupted {
  readonly dataset: string;
  /** How many test images, the first ones. */
  readonly images: number;
  readonly severities: readonly Severity[];
  readonly seed: number;
  readonly folder: string;
  readonly files: readonly WrittenFile[];
}

export default class Corrupt extends BaseCommand<typeof Corrupt> {
  static override summary = 'Write the noisy test images of a data set as .npy files, laid out as CIFAR-10-C';
  static override description =
    'For each noise NAME.npy, bytes [severities * images, height, width, 3], severity by severity, and labels.npy. The bytes depend on the seed and on no other option: an image has the draws that it has in an experiment of that seed, with any --jobs and beside any other noises. Prints SHA-256 and name of each file, as "sha256sum --check" reads them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dataset cifar10 --out cifar10-c',
    '<%= config.bin %> <%= command.id %> --dataset shapes --noise fog --noise snow --severity 3 --images 100 --out foggy',
  ];
  static override flags = {
    dataset: Flags.option({ options: datasets.map((entry) => entry.name) })({
      required: true,
      summary: 'Whose test images',
    }),
    from: Flags.string({
      helpValue: 'DIR',
      summary: 'The folder in which the data set stands. Default: the cache',
    }),
    noise: Flags.option({ options: [all, ...noises.map((entry) => entry.name)] })({
      multiple: true,
      multipleNonGreedy: true,
      default: [all],
      summary: 'Which noise; may stand several times',
    }),
    severity: Flags.integer({
      multiple: true,
      multipleNonGreedy: true,
      min: severities[0],
      max: severities.at(-1)!,
      default: [...severities],
      summary: 'How strong; may stand several times',
    }),
    images: Flags.integer({ min: 1, summary: 'Only so many test images, the first ones. Default: all' }),
    seed: Flags.integer({ default: 0, summary: 'From which every random draw comes. Default: 0' }),
    out: Flags.string({ required: true, helpValue: 'DIR', summary: 'Folder of the files; made if missing' }),
    jobs: Flags.integer({ min: 1, summary: 'Threads. Default: all cores' }),
    force: Flags.boolean({ summary: 'Replace files of the same names' }),
    'frost-textures': Flags.string({
      helpValue: 'DIR',
      summary: 'Folder of PNG or JPEG photos of frost to use instead of the made textures',
    }),
  };

  async run(): Promise<Corrupted> {
    const { dataset, from, noise: asked, severity, seed, 'frost-textures': textures } = this.flags;
    const { test } = await readDataset(dataset, { from, cacheDir: this.cacheDir });
    const [total, ...shape] = test.images.shape as [number, ...number[]];
    const count = Math.min(total, this.flags.images ?? total);
    const chosen = severities.filter((each) => severity.includes(each));
    const folder = resolve(this.flags.out);
    const pool = new NoisePool(this.flags.jobs ?? availableParallelism());
    try {
      const files = await this.reporting((emit) =>
        writeSet(pool, folder, {
          noises: noises
            .map(({ name }) => name)
            .filter((name) => asked.includes(all) || asked.includes(name)),
          params: textures === undefined ? {} : { frost: { textures: resolve(textures) } },
          severities: chosen,
          images: {
            shape: [count, ...shape],
            data: test.images.data.subarray(0, (test.images.data.length / total) * count),
          },
          labels: test.labels.subarray(0, count),
          rng: new Rng(seed, 'corrupt'),
          force: this.flags.force,
          signal: this.signal,
          onProgress: (name, done, of) => {
            emit({ type: 'setup', time: Date.now(), what: name, done, total: of, unit: 'images' });
          },
        }),
      );
      const result = { dataset, images: count, severities: chosen, seed, folder, files };
      this.print(text(result));
      return result;
    } catch (error) {
      throw this.signal.aborted ? interrupted(error) : error;
    } finally {
      await pool.close();
    }
  }
}

function text({ dataset, images, severities: chosen, seed, folder, files }: Corrupted): string {
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    ...files.map(({ name, sha256 }) => `${sha256}  ${name}`),
    '',
    `The first ${formatCount(images)} test images of ${dataset} at severity ${chosen.join(', ')}, seed ${seed}: ` +
      `${formatBytes(bytes)} in ${relative('.', folder) || '.'}`,
  ].join('\n');
}

function interrupted(cause: unknown): Interrupted {
  return new Interrupted('interrupted', {
    code: 'PN130',
    fix: 'Nothing was written; files that were there before are as they were.',
    cause,
  });
}
