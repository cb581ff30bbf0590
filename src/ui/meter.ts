import { formatBytes, formatCount, formatDuration, formatNumber } from './format.js';

/** Work in progress with its rate, which is known once some of it was done while we looked. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly unit: string;
  readonly label?: string;
}

/** Follows one counter: how much, how fast, how long still. A new label or unit is a new counter. */
export class Meter {
  private first: { readonly done: number; readonly timeMs: number } | undefined;
  private last: (Progress & { readonly timeMs: number }) | undefined;

  update(progress: Progress, timeMs: number): void {
    const { last } = this;
    const isSame =
      last?.label === progress.label && last?.unit === progress.unit && progress.done >= last.done;
    if (!isSame) this.first = { done: progress.done, timeMs };
    this.last = { ...progress, timeMs };
  }

  /** "epoch 3: 1,200 of 10,000 images, 310/s, 28 s left"; rate and time left only after a second. */
  text(): string {
    const { first, last } = this;
    if (!first || !last) return '';
    const { done, total, unit, label, timeMs } = last;
    const amount =
      unit === 'bytes'
        ? `${formatBytes(done)} of ${formatBytes(total)}`
        : `${formatCount(done)} of ${formatCount(total)} ${unit}`;
    const parts = [label === undefined ? amount : `${label}: ${amount}`];
    const elapsedMs = timeMs - first.timeMs;
    if (elapsedMs >= 1000 && done > first.done && done < total) {
      const perMs = (done - first.done) / elapsedMs;
      const perSecond = perMs * 1000;
      parts.push(unit === 'bytes' ? `${formatBytes(perSecond)}/s` : rate(perSecond));
      parts.push(`${formatDuration((total - done) / perMs)} left`);
    }
    return parts.join(', ');
  }
}

/** "310/s", "0.25/s", and for slow work "2.1/min" */
function rate(perSecond: number): string {
  if (perSecond >= 10) return `${formatCount(Math.round(perSecond))}/s`;
  return perSecond >= 0.1
    ? `${formatNumber(Number(perSecond.toPrecision(2)))}/s`
    : `${formatNumber(Number((perSecond * 60).toPrecision(2)))}/min`;
}
