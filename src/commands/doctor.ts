import { basename, join } from 'node:path';

import { EngineError, formatError } from '../core/errors.js';
import { treeSize } from '../core/tree-size.js';
import { datasets } from '../datasets/index.js';
import { paramsOf } from '../datasets/params.js';
import { hasRoot } from '../datasets/root.js';
import { diagnose, type Diagnosis, type EngineFinding } from '../engine/doctor.js';
import { BaseCommand } from '../ui/base-command.js';
import { formatBytes } from '../ui/format.js';

interface Folder {
  readonly name: string;
  readonly path: string;
  readonly sizeBytes: number;
}

interface Report extends Diagnosis {
  readonly folders: readonly Folder[];
  /** Data sets of the catalogue; `folder` is undefined for those that are not here. */
  readonly datasets: readonly { readonly name: string; readonly folder: string | undefined }[];
}

export default class Doctor extends BaseCommand<typeof Doctor> {
  static override summary = 'Say whether TensorFlow works here, on which device, and if not what to do';
  static override description =
    'Loads every engine in a process of its own and tries every kernel. Changes nothing. Ends with code 4 when no engine works.';

  async run(): Promise<Report> {
    const diagnosis = await diagnose(this.cacheDir, this.signal);
    const report: Report = { ...diagnosis, folders: await this.folders(), datasets: await this.datasets() };
    this.print(text(report));
    if (report.cure !== undefined) {
      const error = new EngineError(`no TensorFlow engine works here on the ${report.device}`, {
        code: 'PN413',
        fix: report.cure,
      });
      process.stderr.write(`${formatError(error)}\n`);
      process.exitCode = error.exitCode;
    }
    return report;
  }

  private folders(): Promise<Folder[]> {
    const paths = [join(this.cacheDir, 'engines'), join(this.cacheDir, 'datasets'), this.storeDir];
    return Promise.all(
      paths.map(async (path) => ({ name: basename(path), path, sizeBytes: await treeSize(path) })),
    );
  }

  private datasets(): Promise<Report['datasets'][number][]> {
    return Promise.all(
      datasets
        .filter((entry) => !hasRoot(entry)) // what stands in a folder of the person's own is named by no cache
        .map(async (entry) => ({
          name: entry.name,
          folder: await (await entry.load()).find(this.cacheDir, paramsOf(entry)),
        })),
    );
  }
}

/** The report for people: labels of a section in one column, nothing of ours wider than 80 characters. */
function text(report: Report): string {
  const { node, platform, tools, gpu, engines, folders, datasets, device } = report;
  const shims = node.shims.length > 0 ? `, puts back ${node.shims.join(' and ')} for tf.js` : '';
  const sections = [
    [
      ['Node', node.version + shims],
      [
        'Platform',
        `${platform.os} ${platform.arch}, ${platform.glibc ? `glibc ${platform.glibc}` : 'no glibc'}`,
      ],
      ...(report.platformProblem === undefined ? [] : [['', report.platformProblem]]),
      ...tools.map(({ name, version }) => [name, version ?? 'missing']),
      ['NVIDIA driver', `${gpu.driver ?? 'none'} (wanted for a GPU: ${gpu.minimalDriver} or later)`],
      ['GPU', gpu.cards.length > 0 ? gpu.cards.join(', ') : 'none'],
      ['device: auto', `is ${device} here`],
    ],
    engines.length > 0 ? engines.flatMap(engineLines) : [['Engines', 'none yet']],
    folders.map(({ name, path, sizeBytes }) => [
      capital(name),
      `${formatBytes(sizeBytes).padStart(6)}  ${path}`,
    ]),
    datasets.map(({ name, folder }) => [name, whereabouts(folder)]),
  ];
  return sections
    .map((lines) => {
      const width = Math.max(14, ...lines.map(([label]) => label!.length + 1));
      return lines.map(([label, value]) => `${label!.padEnd(width)}${value}`.trimEnd()).join('\n');
    })
    .join('\n\n');
}

function engineLines(engine: EngineFinding): string[][] {
  const { build, tensorflow, tfjs, dir, libraries, probe, works } = engine;
  const state = probe.loads
    ? `${works ? 'works' : 'does not work'}, runs on the ${probe.device}`
    : 'does not load';
  const details = probe.loads ? [...probe.problems, ...(works ? [] : [probe.complaints])] : [probe.reason];
  return [
    [`Engine ${build}`, `TensorFlow ${tensorflow} under tf.js ${tfjs}: ${state}`],
    ['', basename(dir)],
    ...libraries.map((library) => ['', library]),
    ...details.flatMap((detail) => detail.split('\n')).map((line) => ['', line]),
  ];
}

function whereabouts(folder: string | undefined): string {
  if (folder === undefined) return 'not here';
  return folder === '' ? 'made when it is needed' : folder;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
