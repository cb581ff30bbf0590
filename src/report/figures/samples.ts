import type { Rng } from '../../core/rng.js';
import { csv } from '../csv.js';
import { count } from '../console/format.js';
import type { Evaluation } from '../evaluation.js';
import { markup, type Markup } from '../markup.js';
import type { ReportFiles } from '../results.js';
import { sampleGroups, type FigureData, type SampleGroup, type SampleImage } from './data.js';
import { drawing } from './drawing.js';

/** Images of a group that are shown. */
export const shownSamples = 8;

/** Which noisy samples of an evaluation are in a group, and some of them at random. */
export interface PickedSamples {
  readonly group: SampleGroup;
  readonly groupSize: number;
  /** Indices of noisy samples, ascending. */
  readonly indices: readonly number[];
}

/** @param rng draws the samples that are shown, from a stream for each group */
export function pickSamples({ noisy }: Evaluation, rng: Rng): PickedSamples[] {
  const { label, original, repaired } = noisy;
  const isIn: Readonly<Record<SampleGroup, (i: number) => boolean>> = {
    repaired: (i) => original[i] !== label[i] && repaired[i] === label[i],
    'not-repaired': (i) => original[i] !== label[i] && repaired[i] !== label[i],
    broken: (i) => original[i] === label[i] && repaired[i] !== label[i],
  };
  return sampleGroups.map((group) => {
    const members = Array.from(label.keys()).filter(isIn[group]);
    const shown = Math.min(shownSamples, members.length);
    const drawn = [...rng.child(group).sample(members.length, shown)].sort((a, b) => a - b);
    return { group, groupSize: members.length, indices: drawn.map((k) => members[k]!) };
  });
}

/** Images with what they were taken for before and after the repair: one CSV, and a grid for each environment. */
export function sampleFigures({ tables, images }: FigureData): ReportFiles {
  if (images.length === 0) return {};
  const environments = [...new Set(images.map((image) => image.environment))];
  return {
    'samples.csv': table(tables.subject.network, images),
    ...Object.fromEntries(
      environments.map((environment) => [
        `samples-${environment}.svg`,
        grid(
          environment,
          images.filter((image) => image.environment === environment),
        ),
      ]),
    ),
  };
}

function table(network: string, images: readonly SampleImage[]): string {
  return csv<SampleImage>(
    [
      { name: 'network', value: () => network },
      { name: 'method', value: (row) => row.method },
      { name: 'environment', value: (row) => row.environment },
      { name: 'repeat', value: (row) => row.repeat },
      { name: 'group', value: (row) => row.group },
      { name: 'images_in_group', value: (row) => row.groupSize },
      { name: 'base_image', value: (row) => row.baseImage },
      { name: 'noise', value: (row) => row.noise },
      { name: 'severity', value: (row) => row.severity },
      { name: 'class', value: (row) => row.label },
      { name: 'answer_before', value: (row) => row.original },
      { name: 'answer_after', value: (row) => row.repaired },
    ],
    images,
  );
}

const groupTitles: Readonly<Record<SampleGroup, string>> = {
  repaired: 'Failures repaired',
  'not-repaired': 'Failures not repaired',
  broken: 'Right before, broken by the repair',
};

const column = 84;
const side = 72;
const rowHeight = 150;
const emptyHeight = 34;
const margin = 8;

function grid(environment: string, images: readonly SampleImage[]): string {
  const rows = sampleGroups.map((group) => images.filter((image) => image.group === group));
  const { method } = images[0]!;
  const titleOf = (group: SampleGroup, own: readonly SampleImage[]): string =>
    own.length === 0
      ? `${groupTitles[group]}: none`
      : `${groupTitles[group]}: ${own.length} of ${count(own[0]!.groupSize)}`;
  const heights = rows.map((own) => (own.length > 0 ? rowHeight : emptyHeight));
  const top = (r: number): number => heights.slice(0, r).reduce((sum, height) => sum + height, margin);
  return drawing(
    { width: 2 * margin + shownSamples * column, height: top(rows.length) + margin },
    {
      title: `Images of ${environment} before and after ${method}`,
      description: `${rows
        .map(
          (own, r) =>
            `${titleOf(sampleGroups[r]!, own)}${own.length > 0 ? `: ${own.map(sentence).join(', ')}` : ''}`,
        )
        .join('. ')}.`,
    },
    rows.map(
      (own, r) =>
        markup`<g transform="translate(${margin},${top(r)})"><text y="16" text-anchor="start" font-weight="600">${titleOf(sampleGroups[r]!, own)}</text>${own.map(tile)}</g>`,
    ),
  );
}

function tile(image: SampleImage, place: number): Markup {
  const x = place * column;
  const middle = x + side / 2;
  return markup`<g><title>${sentence(image)}; ${image.noise}, severity ${image.severity}, test image ${image.baseImage}</title><image href="data:image/png;base64,${image.png}" x="${x}" y="26" width="${side}" height="${side}" image-rendering="pixelated" preserveAspectRatio="xMidYMid meet"/><text x="${middle}" y="${side + 42}" font-weight="600">${short(image.label)}</text><text x="${middle}" y="${side + 57}" font-size="11" fill-opacity="0.75">${short(answers(image))}</text></g>`;
}

/** Fits under an image. */
function short(text: string): string {
  return text.length <= 14 ? text : `${text.slice(0, 13)}…`;
}

function answers({ group, original, repaired }: SampleImage): string {
  if (group === 'repaired') return `was ${original}`;
  return original === repaired ? `still ${repaired}` : `now ${repaired}`;
}

function sentence(image: SampleImage): string {
  return `${image.label} (${answers(image)})`;
}
