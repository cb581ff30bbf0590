import { resolve } from 'node:path';

import { Flags } from '@oclif/core';

import { writeFileAtomic } from '../../core/atomic-fs.js';
import { UsageError } from '../../core/errors.js';
import { Rng } from '../../core/rng.js';
import type { DatasetContent } from '../../datasets/dataset.js';
import { datasets } from '../../datasets/index.js';
import { readDataset } from '../../datasets/read-dataset.js';
import { drawSheet, type ContactSheet } from '../../noises/contact-sheet.js';
import { corruptImages } from '../../noises/corrupt.js';
import { allNoises, namesOfNoises, noises, openNoise } from '../../noises/index.js';
import { severities } from '../../noises/noise.js';
import { BaseCommand } from '../../ui/base-command.js';
import { dataFlags, noiseFlag } from '../../ui/data-args.js';
import { formatCount } from '../../ui/format.js';

interface Preview {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly dataset: string;
  readonly noises: readonly string[];
  /** Numbers of test images. */
  readonly images: readonly number[];
}

export default class DataPreview extends BaseCommand<typeof DataPreview> {
  static override summary = 'Draw a sheet of some test images with every noise at every severity';
  static override description =
    'One PNG: a row for each noise; for each image a column as it is and one for each severity. The draws are those of an experiment with seed 0.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> --dataset cifar10',
    '<%= config.bin %> <%= command.id %> --dataset cifar10 --noise fog --noise snow --image 17 --out weather.png',
  ];
  static override flags = {
    dataset: Flags.option({ options: datasets.map((entry) => entry.name) })({
      required: true,
      summary: 'Whose test images',
    }),
    ...dataFlags,
    noise: noiseFlag([allNoises, ...noises.map((entry) => entry.name)]),
    image: Flags.integer({
      multiple: true,
      multipleNonGreedy: true,
      min: 0,
      default: [0, 1, 3],
      summary: 'Number of a test image, from 0; may stand several times',
    }),
    out: Flags.string({
      helpValue: 'FILE',
      default: 'preview.png',
      summary: 'The PNG; replaced if it is there',
    }),
  };

  async run(): Promise<Preview> {
    const { dataset, from, offline, noise: asked, image: images } = this.flags;
    const { cacheDir, signal } = this;
    const content = await this.reporting((emit) =>
      readDataset(dataset, {
        cacheDir,
        offline,
        emit,
        signal,
        ...(from === undefined ? {} : { from: resolve(from) }),
      }),
    );
    requireImages(images, content.test.labels.length);
    const chosen = namesOfNoises(asked);
    const file = resolve(this.flags.out);
    const sheet = await makeSheet(content, chosen, images);
    const { png, width, height, hasLabels } = await drawSheet(sheet);
    await writeFileAtomic(file, png);
    this.print(`${this.flags.out}: ${width}x${height} pixels`);
    if (!hasLabels)
      this.print(
        `No font was found for labels. Columns: ${sheet.groups.join('; ')}; each ${sheet.columns.join(', ')}. Rows:\n${chosen.join('\n')}`,
      );
    return { file, width, height, dataset, noises: chosen, images };
  }
}

function requireImages(images: readonly number[], total: number): void {
  const beyond = images.filter((image) => image >= total);
  if (beyond.length === 0) return;
  throw new UsageError(`there is no test image ${beyond.join(', ')}`, {
    code: 'PN294',
    fix: `The data set has ${formatCount(total)} test images: 0 to ${total - 1}.`,
  });
}

async function makeSheet(
  { test: { images, labels }, classes }: DatasetContent,
  names: readonly string[],
  indices: readonly number[],
): Promise<ContactSheet> {
  const [, height, width] = images.shape as [number, number, number, number];
  const bytes = height * width * 3;
  const rng = new Rng(0, 'corrupt');
  const cleanOf = (index: number): Uint8Array => images.data.subarray(index * bytes, (index + 1) * bytes);
  const rows: ContactSheet['rows'][number][] = [];
  for (const name of names) {
    const noise = await openNoise(name);
    const noisy = indices.flatMap((index) => {
      const one = { shape: [1, height, width, 3], data: cleanOf(index) };
      return [
        one.data,
        ...severities.map((severity) =>
          corruptImages({ noise, severity, images: one, indices: [index], rng }),
        ),
      ];
    });
    rows.push({ label: name, images: noisy });
  }
  return {
    size: { height, width },
    groups: indices.map((index) => `${index}: ${classes[labels[index]!]}`),
    columns: ['clean', ...severities.map(String)],
    rows,
  };
}
