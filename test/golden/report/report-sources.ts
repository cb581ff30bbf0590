import { sha256 } from '../../../src/core/digest.js';
import {
  figureFiles,
  timesFigureFiles,
  type FigureData,
  type Manifest,
  type ReportInput,
  type ReportSources,
  type TimeRow,
} from '../../../src/report/index.js';

/** What the page is made of, from a made-up experiment. */
export async function reportSources(
  input: ReportInput & { readonly times: readonly TimeRow[] },
  data: FigureData,
): Promise<ReportSources> {
  const { network } = input.subject;
  const files = { ...(await figureFiles(data)), ...(await timesFigureFiles(network, input.times)) };
  const pictures = Object.entries(files).flatMap(([name, text]) => {
    const picture = /^figures\/(.*)\.svg$/.exec(name)?.[1];
    return picture === undefined ? [] : [[picture, text] as const];
  });
  return {
    tables: data.tables,
    times: input.times,
    manifest: manifest(input),
    config: 'name: sample\nseed: 1\nnoise: { types: all } # "all" & <more>\n',
    pictures: Object.fromEntries(pictures),
  };
}

function manifest({ evaluations, environments }: ReportInput): Manifest {
  const repeats = new Set(evaluations.map((evaluation) => evaluation.repeat)).size;
  const cells = environments.flatMap(({ name }) =>
    Array.from({ length: repeats }, (_, repeat) => `${name}/r${repeat}`),
  );
  const tasks = [
    ...['dataset', 'pretrain', 'probe', 'observe/train', 'observe/test'],
    ...environments.flatMap(({ name }) => [`corrupt/${name}`, `observe/${name}`]),
    ...cells.flatMap((cell) => ['split', 'localize', 'gate', 'search', 'train'].map((s) => `${s}/${cell}`)),
    ...evaluations.map(({ method, environment, repeat }) => `evaluate/${method}/${environment}/r${repeat}`),
    'report',
  ];
  return {
    name: 'sample',
    seed: 1,
    command: 'patchnas run sample.yaml',
    patchnas: '0.1.0',
    node: '20.9.0',
    engine: { tensorflow: '2.21.0', device: 'cpu', threads: 2 },
    dataset: sha256('dataset'),
    files: [sha256('weights')],
    stages: tasks.map((task, i) => ({
      task,
      key: sha256(task),
      finishedAt: `2026-11-25T0${Math.floor(i / 3600) % 10}:00:${String(i % 60).padStart(2, '0')}.000Z`,
      wallMs: 1250 * (1 + (i % 7)),
      peakBytes: 150_000_000 + 1_000_000 * (i % 50),
      outputs: { [`${task.split('/')[0]!}.json`]: sha256(`${task} output`) },
    })),
  };
}
