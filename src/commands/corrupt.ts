import { availableParallelism } from 'node:os';
import { relative, resolve } from 'node:path';

import { Args, Flags } from '@oclif/core';

import { Interrupted, UsageError } from '../core/errors.js';
import type { Emit } from '../core/events.js';
import { Rng } from '../core/rng.js';
import type { EnsureOptions } from '../datasets/dataset.js';
import { datasets } from '../datasets/index.js';
import { readDataset } from '../datasets/read-dataset.js';
import { loadExperiment } from '../experiment/load.js';
import { noisySetOf, type NoisySet } from '../experiment/noisy-set.js';
import { openCorruptor, type Corruptor } from '../noises/corruptor.js';
import { allNoises, namesOfNoises, noises } from '../noises/index.js';
import { madeHere } from '../noises/made-here.js';
import { severities, type Severity } from '../noises/noise.js';
import { writeSet, type WrittenFile } from '../noises/write-set.js';
import { BaseCommand } from '../ui/base-command.js';
import { dataFlags, noiseFlag } from '../ui/data-args.js';
import { setFlag } from '../ui/experiment-args.js';
import { formatBytes, formatCount } from '../ui/format.js';

interface Corrupted {
  readonly dataset: string;
  /** How many images at each severity. */
  readonly images: number;
  readonly severities: readonly Severity[];
  readonly seed: number;
  readonly folder: string;
  readonly files: readonly WrittenFile[];
}

/** Flags that say what an experiment file says, so that they have no place beside one. */
const ofFile = ['dataset', 'from', 'noise', 'severity', 'images', 'seed', 'frost-textures'] as const;

export default class Corrupt extends BaseCommand<typeof Corrupt> {
  static override summary = 'Write the noisy test images of a data set as .npy files, laid out as CIFAR-10-C';
  static override description =
    'For each noise NAME.npy, bytes [severities * images, height, width, 3], severity by severity, and labels.npy. The bytes depend on the seed and on no other option: an image has the draws that it has in an experiment of that seed, with any --jobs and beside any other noises. With an experiment file the images are those that its run would use, mixtures too. A data set that is missing is fetched. Prints SHA-256 and name of each file, as "sha256sum --check" reads them.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dataset cifar10 --out cifar10-c',
    '<%= config.bin %> <%= command.id %> --dataset shapes --noise fog --noise snow --severity 3 --images 100 --out foggy',
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml --set noise.types=[fog] --out foggy',
  ];
  static override args = {
    config: Args.string({ description: 'Experiment file (YAML), in place of --dataset' }),
  };
  static override flags = {
    ...setFlag,
    dataset: Flags.option({ options: datasets.map((entry) => entry.name) })({ summary: 'Whose test images' }),
    ...dataFlags,
    noise: noiseFlag([allNoises, ...noises.map((entry) => entry.name)]),
    severity: Flags.integer({
      multiple: true,
      multipleNonGreedy: true,
      min: severities[0],
      max: severities.at(-1)!,
      summary: 'How strong; may stand several times. Default: all',
    }),
    images: Flags.integer({ min: 1, summary: 'Only so many test images, the first ones. Default: all' }),
    seed: Flags.integer({ summary: 'From which every random draw comes. Default: 0' }),
    out: Flags.string({ required: true, helpValue: 'DIR', summary: 'Folder of the files; made if missing' }),
    jobs: Flags.integer({ min: 1, summary: 'Threads. Default: all cores' }),
    force: Flags.boolean({ summary: 'Replace files of the same names' }),
    'frost-textures': Flags.string({
      helpValue: 'DIR',
      summary: 'Folder of PNG or JPEG photos of frost to use instead of the made textures',
    }),
  };

  async run(): Promise<Corrupted> {
    const folder = resolve(this.flags.out);
    const threads = this.flags.jobs ?? availableParallelism();
    const open = (images: number): Corruptor => openCorruptor(images, threads);
    try {
      const { set, files } = await this.reporting(async (emit) => {
        const set = await this.wanted(emit, open);
        const files = await writeSet(folder, {
          ...set,
          force: this.flags.force,
          signal: this.signal,
          onProgress: (name, done, total) => {
            emit({ type: 'setup', time: Date.now(), what: name, done, total, unit: 'images' });
          },
        });
        return { set, files };
      });
      const { dataset, seed, indices } = set;
      const result = { dataset, images: indices.length, severities: set.severities, seed, folder, files };
      this.print(text(result, set));
      return result;
    } catch (error) {
      throw this.signal.aborted ? interrupted(error) : error;
    }
  }

  private async wanted(emit: Emit, open: (images: number) => Corruptor): Promise<NoisySet> {
    const { config } = this.args;
    const { cacheDir, signal } = this;
    const setUp = { cacheDir, offline: this.flags.offline, emit, signal };
    if (config === undefined) return this.setOfFlags(setUp, open);
    const given = ofFile.filter((name) => this.flags[name] !== undefined);
    if (given.length > 0)
      throw new UsageError(`beside an experiment file there is no place for --${given.join(' and --')}`, {
        code: 'PN295',
        where: config,
        fix: 'Lay values over those of the file: --set "noise.types=[fog]" --set noise.images=100 --set seed=7',
      });
    return noisySetOf(await loadExperiment(config, this.flags.set ?? []), setUp, open);
  }

  private async setOfFlags(
    setUp: Omit<EnsureOptions, 'from'>,
    open: (images: number) => Corruptor,
  ): Promise<NoisySet> {
    const {
      dataset,
      from,
      noise: asked,
      severity,
      images,
      seed = 0,
      'frost-textures': textures,
    } = this.flags;
    if (dataset === undefined)
      throw new UsageError('neither a data set nor an experiment file is named', {
        code: 'PN296',
        fix: `Name one of the data sets (${datasets.map(({ name }) => name).join(', ')}): --dataset NAME`,
      });
    if (this.flags.set !== undefined)
      throw new UsageError('--set has no place without an experiment file', {
        code: 'PN295',
        fix: 'Name the file, or use the other flags of this command (--help).',
      });
    const { test } = await readDataset(dataset, {
      ...setUp,
      ...(from === undefined ? {} : { from: resolve(from) }),
    });
    const params = textures === undefined ? {} : { frost: { textures: resolve(textures) } };
    const source = madeHere(test, open, params);
    const count = Math.min(source.total, images ?? source.total);
    return {
      dataset,
      source,
      environments: namesOfNoises(asked).map((name) => ({
        name,
        noises: [name],
      })),
      severities: severities.filter((each) => severity?.includes(each) ?? true),
      indices: Uint32Array.from({ length: count }, (_, i) => i),
      seed,
      rng: new Rng(seed, 'corrupt'),
    };
  }
}

function text(
  { dataset, severities: chosen, seed, folder, files }: Corrupted,
  { indices }: NoisySet,
): string {
  const bytes = files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const count = formatCount(indices.length);
  // The numbers ascend, so the last one tells whether they are the first ones.
  const which = indices.at(-1) === indices.length - 1 ? `The first ${count}` : `${count} of the`;
  return [
    ...files.map(({ name, sha256 }) => `${sha256}  ${name}`),
    '',
    `${which} test images of ${dataset} at severity ${chosen.join(', ')}, seed ${seed}: ` +
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
