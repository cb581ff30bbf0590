import { digestMemoryIn } from '../core/digest-memory.js';
import { findEngine, resolveDevice, expectedEngineId } from '../engine/engines.js';
import { loadExperiment } from '../experiment/load.js';
import { planExperiment } from '../experiment/plan.js';
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
    this.print(planText(experiment.name, lines));
    return lines;
  }
}

/** The tasks of an experiment with their keys on this machine, whether its engine is set up already or not. */
export async function keysOf(experiment: Experiment, cacheDir: string): Promise<KeyedTask[]> {
  const device = resolveDevice(experiment.engine.device);
  const engineId = findEngine(cacheDir, device)?.id ?? expectedEngineId(device);
  const { seed } = experiment;
  const { tasks } = await planExperiment(experiment, digestMemoryIn(cacheDir));
  return planKeys(tasks, stages, { seed, engineId: { ...engineId } });
}

const states = { hit: 'kept', run: 'runs', unknown: 'unknown' } as const;

/** The plan as a person reads it: a line a task with the reason why it runs, then the sum. */
export function planText(name: string, lines: readonly PlanLine[]): string {
  const rows = lines.map((line) => [
    states[line.state],
    line.task,
    { right: line.estimateMs === undefined ? '' : `about ${formatDuration(line.estimateMs)}` },
    reason(line),
  ]);
  const count = (state: PlanLine['state']): number => lines.filter((line) => line.state === state).length;
  const running = lines.filter((line) => line.state === 'run');
  const estimates = running.flatMap((line) => line.estimateMs ?? []);
  const sum = estimates.reduce((a, b) => a + b, 0);
  const unknown = count('unknown');
  const parts = [
    `${name}: ${lines.length} stages, ${count('hit')} kept, ${running.length} to run`,
    ...(unknown > 0 ? [`${unknown} unknown until the engine is set up`] : []),
    ...(estimates.length > 0 ? [`about ${formatDuration(sum)} of work by earlier records`] : []),
    ...(running.length > estimates.length
      ? [`${running.length - estimates.length} without an earlier record`]
      : []),
  ];
  return `${columns(rows)}\n\n${parts.join(', ')}`;
}

function reason({ state, follows, differences, damage, estimateMs }: PlanLine): string {
  if (state !== 'run') return '';
  if (damage !== undefined) return `its record is damaged: ${damage}`;
  if (estimateMs === undefined) return 'no earlier record';
  const reasons = differences.map(formatDifference);
  if (follows.length > 0) reasons.push(`follows ${follows.join(', ')}`);
  return reasons.length > 0 ? reasons.join('; ') : 'its record is gone';
}
