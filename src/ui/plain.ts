import { type Event, unreachable } from '../core/events.js';
import { formatBytes, formatClock, formatCount, formatDuration, formatNumber } from './format.js';
import { Meter } from './meter.js';
import type { Renderer } from './renderer.js';

/** Progress and metrics of one task are said at most so often. */
const progressEveryMs = 10_000;
/** After so long without a word a line says that the run lives. */
const heartbeatMs = 30_000;

/** Events as lines of text, one each, without control codes. A function of the events: times are theirs. */
export class PlainText {
  private startMs: number | undefined;
  private lastLineMs = -Infinity;
  private readonly meters = new Map<string, Meter>();
  private readonly saidMs = new Map<string, number>();
  private readonly running = new Map<string, number>();

  /** The lines that an event is worth; often none. */
  lines(event: Event): string[] {
    this.startMs ??= event.time;
    const said = this.say(event);
    if (said.length === 0) return [];
    this.lastLineMs = event.time;
    const [first, ...rest] = said.flatMap((text) => text.split('\n'));
    return [`${formatClock(event.time - this.startMs)} ${first}`, ...rest.map((line) => `        ${line}`)];
  }

  /** A sign of life when nothing was said for a while. */
  beat(nowMs: number): string[] {
    if (this.startMs === undefined || nowMs - this.lastLineMs < heartbeatMs || this.running.size === 0)
      return [];
    this.lastLineMs = nowMs;
    return [...this.running].map(([task, sinceMs]) => {
      const progress = this.meters.get(task)?.text();
      const detail = progress ? `: ${progress}` : '';
      return `${formatClock(nowMs - this.startMs!)} ${task} still running after ${formatDuration(nowMs - sinceMs)}${detail}`;
    });
  }

  private say(event: Event): string[] {
    switch (event.type) {
      case 'run-started': {
        const { name, tasks, hits, engine, store } = event;
        return [
          `${name}: ${plural(tasks, 'stage')}, ${hits} of them kept from earlier; engine ${engine}; store ${store}`,
        ];
      }
      case 'run-finished':
        return [
          `${event.name}: finished in ${formatDuration(event.wallMs)}, ${event.ran} ran, ${event.hits} kept from earlier`,
        ];
      case 'results-published': // the command ends with it, in more words
        return [];
      case 'run-failed':
        return [`${event.name}: failed`];
      case 'run-cancelled':
        return [`${event.name}: interrupted, ${plural(event.kept, 'stage')} kept`];
      case 'stage-hit':
        return [`${event.task} kept from earlier`];
      case 'stage-started': {
        this.running.set(event.task, event.time);
        this.saidMs.set(event.task, event.time); // the first progress can wait
        const estimate = event.estimateMs === undefined ? '' : `, about ${formatDuration(event.estimateMs)}`;
        return [`${event.task} started${estimate}`];
      }
      case 'stage-finished':
        this.forget(event.task);
        return [
          `${event.task} finished in ${formatDuration(event.wallMs)}, ${formatBytes(event.peakBytes)} of memory`,
        ];
      case 'stage-failed': {
        this.forget(event.task);
        const log = event.log === undefined ? [] : [`log ${event.log}`];
        return [
          `${event.task} failed: ${event.code} ${event.message}`,
          ...(event.tail ?? []).map((line) => `| ${line}`),
          ...log,
        ];
      }
      case 'stage-cancelled':
        this.forget(event.task);
        return [`${event.task} stopped`];
      case 'progress':
        return this.progress(event.task, event, event.time);
      case 'setup':
        return this.progress(event.what, event, event.time);
      case 'metric': {
        if (!this.isDue(`${event.task} ${event.name}`, event.time)) return [];
        const step = event.step === undefined ? '' : ` at step ${formatCount(event.step)}`;
        return [`${event.task} ${event.name} ${formatNumber(event.value)}${step}`];
      }
      case 'note':
        return [`${event.task} ${event.text}`];
      case 'warning':
        return [`${event.task} warning: ${event.text}`];
      default:
        return unreachable(event);
    }
  }

  /** The first and the last word of a counter, and one every ten seconds. */
  private progress(who: string, event: Event & { type: 'progress' | 'setup' }, timeMs: number): string[] {
    let meter = this.meters.get(who);
    if (!meter) this.meters.set(who, (meter = new Meter()));
    meter.update(event, timeMs);
    if (!this.isDue(who, timeMs) && !(event.type === 'setup' && event.done >= event.total)) return [];
    return [`${who}${event.type === 'setup' ? ':' : ''} ${meter.text()}`];
  }

  private isDue(what: string, timeMs: number): boolean {
    if (timeMs - (this.saidMs.get(what) ?? -Infinity) < progressEveryMs) return false;
    this.saidMs.set(what, timeMs);
    return true;
  }

  private forget(task: string): void {
    this.running.delete(task);
    this.meters.delete(task);
  }
}

/** Plain lines on a stream. */
export class PlainRenderer implements Renderer {
  private readonly text = new PlainText();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly stream: NodeJS.WritableStream) {
    this.timer = setInterval(() => this.write(this.text.beat(Date.now())), 5_000);
    this.timer.unref();
  }

  show(event: Event): void {
    this.write(this.text.lines(event));
  }

  async end(): Promise<void> {
    clearInterval(this.timer);
  }

  private write(lines: readonly string[]): void {
    for (const line of lines) this.stream.write(`${line}\n`);
  }
}

function plural(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
