import { digestMemoryIn } from '../core/digest-memory.js';
import { openDataset } from '../datasets/index.js';
import { findEngine, resolveDevice, expectedEngineId } from '../engine/engines.js';
import { withPrecision } from '../engine/precision.js';
import { loadExperiment } from '../experiment/load.js';
import { noisyImageCount } from '../experiment/noisy-image-count.js';
import { planExperiment } from '../experiment/plan.js';
import { roughTimes } from '../experiment/rough-times.js';
import type { Experiment } from '../experiment/schema.js';
import { type KeyedTask, planKeys } from '../pipeline/key.js';
import { type PlanLine, reportPlan } from '../pipeline/plan-report.js';
import { Store } from '../pipeline/store.js';
import { stages } from '../stages/index.js';
import { BaseCommand } from '../ui/base-command.js';
import { columns } from '../ui/columns.js';
import { formatDifference } from '../ui/difference.js';
import { configArg, setFlag } from '../ui/experiment-args.js';
import { formatDuration } from '../ui/format.js';

export default class Plan extends BaseCommand<typeof Plan> {
  static override summary =
    'Say what "run" would do: which stages are kept, which run, why, and for how long';
  static override description =
    'Reads the store and writes nothing there. Needs neither TensorFlow nor the data set.';
  static override examples = [
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml',
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml --set gate.sigma.quantile=0.9',
  ];
  static override args = configArg;
  static override flags = setFlag;

  async run(): Promise<readonly PlanLine[]> {
    const experiment = await loadExperiment(this.args.config, this.flags.set ?? []);
    const tasks = await keysOf(experiment, this.cacheDir);
    const lines = await reportPlan(tasks, new Store(this.storeDir));
    this.print(planText(experiment.name, lines, await countedTimes(experiment, tasks)));
    return lines;
  }
}

/** Tasks whose time is roughly known without a record. Of a GPU nothing is known beforehand. */
async function countedTimes(
  experiment: Experiment,
  tasks: readonly KeyedTask[],
): Promise<Map<string, number>> {
  if (resolveDevice(experiment.engine.device) === 'gpu') return new Map();
  const shape = await (await openDataset(experiment.dataset.name)).shape(experiment.dataset);
  const rough = roughTimes(experiment, { ...shape, noisy: await noisyImageCount(experiment, shape) });
  return new Map(
    tasks.flatMap(({ task }) => {
      const ms = rough(task);
      return ms === undefined ? [] : [[task.id, ms] as const];
    }),
  );
}

/** The tasks of an experiment with their keys on this machine, whether its engine is set up already or not. */
export async function keysOf(experiment: Experiment, cacheDir: string): Promise<KeyedTask[]> {
  const device = resolveDevice(experiment.engine.device);
  const found = findEngine(cacheDir, device)?.id ?? expectedEngineId(device);
  const engineId = withPrecision(found, experiment.engine.precision);
  const { seed } = experiment;
  const { tasks } = await planExperiment(experiment, digestMemoryIn(cacheDir));
  return planKeys(tasks, stages, { seed, engineId: { ...engineId } });
}

const states = { hit: 'kept', run: 'runs', unknown: 'unknown' } as const;

/** Two digits of what is only counted: "some 16 h 40 min", "some 330 days". */
function inWords(ms: number): string {
  const rounded = Number(ms.toPrecision(2));
  const days = ms / 86_400_000;
  return days < 2 ? formatDuration(rounded) : `${Number(days.toPrecision(2))} days`;
}

/** A record of another scale says nothing: where it is so far from a count of images and passes, the count stands. */
const farOff = 10;

/** What a task will take, by its record or by the count. */
function estimateOf(
  { task, estimateMs, differences, follows }: PlanLine,
  counted: ReadonlyMap<string, number>,
): { readonly ms: number; readonly isRecorded: boolean } | undefined {
  const rough = counted.get(task);
  const isOff =
    estimateMs !== undefined &&
    rough !== undefined &&
    Math.max(rough, estimateMs) > 60_000 &&
    (rough > farOff * estimateMs || estimateMs > farOff * rough);
  if (estimateMs !== undefined && !(isOff && differences.length + follows.length > 0))
    return { ms: estimateMs, isRecorded: true };
  return rough === undefined ? undefined : { ms: rough, isRecorded: false };
}

/**
 * The plan as a person reads it: a line a task with the reason why it runs, then the sum.
 * @param counted milliseconds of tasks by a rough count, for those without a record of the kind
 */
export function planText(
  name: string,
  lines: readonly PlanLine[],
  counted: ReadonlyMap<string, number> = new Map(),
): string {
  const running = lines.filter((line) => line.state === 'run');
  const estimates = new Map(running.map((line) => [line.task, estimateOf(line, counted)]));
  const rows = lines.map((line) => {
    const estimate = estimates.get(line.task);
    const isShown = estimate && (estimate.isRecorded || estimate.ms >= 1000);
    const text = !isShown
      ? ''
      : estimate.isRecorded
        ? `about ${formatDuration(estimate.ms)}`
        : `some ${inWords(estimate.ms)}`;
    return [states[line.state], line.task, { right: text }, reason(line)];
  });
  const count = (state: PlanLine['state']): number => lines.filter((line) => line.state === state).length;
  const sum = (isRecorded: boolean): number =>
    [...estimates.values()].reduce((ms, each) => ms + (each?.isRecorded === isRecorded ? each.ms : 0), 0);
  const recorded = running.filter((line) => line.estimateMs !== undefined).length;
  const [byRecords, byCount] = [sum(true), sum(false)];
  const unknown = count('unknown');
  const parts = [
    `${name}: ${lines.length} stages, ${count('hit')} kept, ${running.length} to run`,
    ...(unknown > 0 ? [`${unknown} unknown until the engine is set up`] : []),
    ...(recorded > 0 ? [`about ${formatDuration(byRecords)} of work by earlier records`] : []),
    ...(running.length > recorded ? [`${running.length - recorded} without an earlier record`] : []),
  ];
  // Below a minute the start of processes counts for more than what is counted.
  const rough =
    byCount < 60_000
      ? ''
      : `\n${recorded > 0 ? 'and ' : ''}some ${inWords(byCount)} on two CPU cores, by a rough count of images and passes; a GPU takes a small part of it`;
  return `${columns(rows)}\n\n${parts.join(', ')}${rough}`;
}

function reason({ state, follows, differences, damage, estimateMs }: PlanLine): string {
  if (state !== 'run') return '';
  if (damage !== undefined) return `its record is damaged: ${damage}`;
  if (estimateMs === undefined) return 'no earlier record';
  const reasons = differences.map(formatDifference);
  if (follows.length > 0) reasons.push(`follows ${someOf(follows)}`);
  return reasons.length > 0 ? reasons.join('; ') : 'its record is gone';
}

/** A report follows hundreds of tasks. */
function someOf(tasks: readonly string[]): string {
  const more = tasks.length - 5;
  return more > 1 ? `${tasks.slice(0, 5).join(', ')} and ${more} others` : tasks.join(', ');
}
