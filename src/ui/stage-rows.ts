import { type Event, unreachable } from '../core/events.js';
import { formatDuration, formatNumber } from './format.js';
import { Meter } from './meter.js';

export type RowState = 'waiting' | 'running' | 'done' | 'failed';

/** One line of the terminal view: a stage with all its tasks, or a piece of set-up work. */
export interface Row {
  readonly name: string;
  readonly state: RowState;
  readonly title: string;
  /** A line for each task at work. */
  readonly details: readonly string[];
}

interface Running {
  readonly task: string;
  readonly sinceMs: number;
  readonly estimateMs: number | undefined;
  readonly meter: Meter;
  note: string;
}

/** What is known of one stage. */
class Stage {
  hits = 0;
  finished = 0;
  failed = 0;
  wallMs = 0;
  readonly running = new Map<string, Running>();

  constructor(
    readonly name: string,
    readonly tasks: number,
  ) {}

  row(nowMs: number): Row {
    const done = this.hits + this.finished;
    const parts = [`${this.name}  ${done} of ${this.tasks}`];
    if (this.hits > 0) parts.push(`${this.hits === done ? '' : `${this.hits} `}kept from earlier`);
    if (this.failed > 0) parts.push(`${this.failed} failed`);
    if (this.wallMs > 0 && this.running.size === 0) parts.push(formatDuration(this.wallMs));
    const state =
      this.failed > 0
        ? 'failed'
        : this.running.size > 0
          ? 'running'
          : done >= this.tasks
            ? 'done'
            : 'waiting';
    const details = [...this.running.values()].map((each) => detail(each, nowMs));
    return { name: this.name, state, title: parts.join(', '), details };
  }
}

/** Turns events into the rows of the terminal view; a function of the events and the time. */
export class StageRows {
  readonly warnings: string[] = [];
  private readonly stages = new Map<string, Stage>();
  private readonly setups = new Map<string, { readonly meter: Meter; isDone: boolean }>();

  update(event: Event): void {
    switch (event.type) {
      case 'run-started':
        for (const { stage, tasks } of event.stages) this.stages.set(stage, new Stage(stage, tasks));
        return;
      case 'stage-hit':
        this.stage(event).hits++;
        return;
      case 'stage-started':
        this.stage(event).running.set(event.task, {
          task: event.task,
          sinceMs: event.time,
          estimateMs: event.estimateMs,
          meter: new Meter(),
          note: '',
        });
        return;
      case 'stage-finished': {
        const stage = this.stage(event);
        stage.finished++;
        stage.wallMs += event.wallMs;
        stage.running.delete(event.task);
        return;
      }
      case 'stage-failed':
        this.stage(event).failed++;
        this.stage(event).running.delete(event.task);
        this.warnings.push(`${event.task}: ${event.code} ${event.message}`, ...(event.tail ?? []));
        return;
      case 'stage-cancelled':
        this.stage(event).running.delete(event.task);
        return;
      case 'progress':
        this.stage(event).running.get(event.task)?.meter.update(event, event.time);
        return;
      case 'setup': {
        const setup = this.setups.get(event.what) ?? { meter: new Meter(), isDone: false };
        setup.meter.update(event, event.time);
        setup.isDone = event.done >= event.total;
        this.setups.set(event.what, setup);
        return;
      }
      case 'note': {
        const running = this.stage(event).running.get(event.task);
        if (running) running.note = event.text;
        else this.warnings.push(`${event.task}: ${event.text}`);
        return;
      }
      case 'warning':
        this.warnings.push(`${event.task}: ${event.text}`);
        return;
      case 'metric': {
        const running = this.stage(event).running.get(event.task);
        if (running) running.note = `${event.name} ${formatNumber(event.value)}`;
        return;
      }
      case 'run-finished':
      case 'results-published':
      case 'run-failed':
      case 'run-cancelled':
        return;
      default:
        return unreachable(event);
    }
  }

  rows(nowMs: number): Row[] {
    const setups = [...this.setups].map(([name, { meter, isDone }]): Row => ({
      name,
      state: isDone ? 'done' : 'running',
      title: name,
      details: isDone ? [] : [meter.text()],
    }));
    return [...setups, ...[...this.stages.values()].map((stage) => stage.row(nowMs))];
  }

  private stage({ stage }: { readonly stage: string }): Stage {
    let known = this.stages.get(stage);
    if (!known) this.stages.set(stage, (known = new Stage(stage, 1)));
    return known;
  }
}

/** "gate/fog/r0  1,200 of 10,000 images, 310/s, 28 s left", or how long it has run and will run at a guess */
function detail({ task, sinceMs, estimateMs, meter, note }: Running, nowMs: number): string {
  const elapsedMs = nowMs - sinceMs;
  const guess = estimateMs === undefined ? '' : ` of about ${formatDuration(estimateMs)}`;
  const amount = meter.text() || `${formatDuration(elapsedMs)}${guess}`;
  return [`${task}  ${amount}`, note].filter((part) => part !== '').join('  ');
}
