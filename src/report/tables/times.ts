import { csv, type CsvColumn } from '../csv.js';
import type { MethodTasks, StageTime } from '../evaluation.js';

/** Stages that a repair needs once failures are found. */
export const repairStages = [
  ...(['localize', 'gate', 'stage-choice', 'train', 'baseline'] as const),
  ...(['environment-gate', 'environment-model', 'add-on'] as const),
] as const;
/** Stages that the paper prepares in advance: they need no failures. */
export const preparedStages = ['probe', 'search'] as const;
type Counted = (typeof repairStages)[number] | (typeof preparedStages)[number];

/** Figure 5: the time that one method took in one environment and repeat, in seconds of its stages' records. */
export interface TimeRow {
  readonly method: string;
  readonly environment: string;
  readonly repeat: number;
  readonly repairSeconds: number;
  readonly preparedSeconds: number;
  readonly stages: Readonly<Partial<Record<Counted, number>>>;
  /** A counted stage ran beside others, so its time is longer than it would be alone. */
  readonly isSideBySide: boolean;
}

/** Adds up what each evaluation rests on; a stage that several methods share counts for each of them. */
export function timeRows(times: readonly StageTime[], methodTasks: readonly MethodTasks[]): TimeRow[] {
  const byTask = new Map(times.map((time) => [time.task, time]));
  return methodTasks.map(({ method, environment, repeat, tasks }) => {
    const stages: Partial<Record<Counted, number>> = {};
    let isSideBySide = false;
    for (const task of tasks) {
      const time = byTask.get(task);
      if (time === undefined || !isCounted(time.stage)) continue;
      stages[time.stage] = (stages[time.stage] ?? 0) + time.wallSeconds;
      isSideBySide ||= time.isSideBySide;
    }
    const sum = (names: readonly Counted[]): number =>
      names.reduce((total, name) => total + (stages[name] ?? 0), 0);
    const [repairSeconds, preparedSeconds] = [sum(repairStages), sum(preparedStages)];
    return { method, environment, repeat, repairSeconds, preparedSeconds, stages, isSideBySide };
  });
}

function isCounted(stage: string): stage is Counted {
  return [...repairStages, ...preparedStages].some((name) => name === stage);
}

/** The only table with times: it differs from run to run. */
export function timesCsv(network: string, rows: readonly TimeRow[]): string {
  return csv<TimeRow>(
    [
      { name: 'network', value: () => network },
      { name: 'method', value: (row) => row.method },
      { name: 'environment', value: (row) => row.environment },
      { name: 'repeat', value: (row) => row.repeat },
      { name: 'repair_seconds', value: (row) => row.repairSeconds, decimals: 3 },
      { name: 'prepared_in_advance_seconds', value: (row) => row.preparedSeconds, decimals: 3 },
      ...[...repairStages, ...preparedStages].map((stage): CsvColumn<TimeRow> => ({
        name: `${stage}_seconds`,
        value: (row) => row.stages[stage],
        decimals: 3,
      })),
      { name: 'ran_side_by_side', value: (row) => row.isSideBySide },
    ],
    rows,
  );
}

/**
 * The rows of a text that `timesCsv` made, to the thousandths of a second that it keeps. No name in it holds a comma,
 * a quote or a line break: all of them name files and folders.
 */
export function timesFromCsv(text: string): TimeRow[] {
  const [head, ...lines] = text.trimEnd().split('\n');
  const names = head!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const stages = [...repairStages, ...preparedStages].flatMap((stage) => {
      const seconds = cell(`${stage}_seconds`);
      return seconds === '' ? [] : [[stage, Number(seconds)] as const];
    });
    return {
      method: cell('method'),
      environment: cell('environment'),
      repeat: Number(cell('repeat')),
      repairSeconds: Number(cell('repair_seconds')),
      preparedSeconds: Number(cell('prepared_in_advance_seconds')),
      stages: Object.fromEntries(stages),
      isSideBySide: cell('ran_side_by_side') === 'yes',
    };
  });
}
