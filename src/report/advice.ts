import type { ReportTables } from './build.js';
import { count, nothing, percent, percentInterval, points } from './console/format.js';
import { fixed } from './csv.js';
import { mainScope, scopeText, sectionText, type Section } from './console/section.js';
import { wrap, type View } from './console/grid.js';
import { syntheticNote } from './notes.js';
import { mean } from './statistics.js';
import type { TimeRow } from './tables/times.js';

/** What a person weighs of one method; shares of 1. */
export interface Advice {
  readonly method: string;
  /** Accuracy on all noisy images of the labelled half less D_e. */
  readonly noisy: number;
  readonly noisyInterval: { readonly low?: number; readonly high?: number };
  /** Clean accuracy that it costs; below 0 where it gains some. */
  readonly cleanLoss: number;
  /** Parameters to send. */
  readonly sent: number;
  /** Seconds of a repair; undefined where no times are known. */
  readonly seconds: number | undefined;
  /** It knows what nobody knows at run time: a bound, not a choice. */
  readonly isBound: boolean;
  /** Methods that are at least as good in all four respects and better in one. */
  readonly dominatedBy: readonly string[];
}

/**
 * The methods of results, those first that get most noisy images right. On the frontier are those that no other one
 * beats or equals in everything: noisy images, clean images, size and time. Figures are compared as they are.
 */
export function adviceOf(tables: ReportTables, times: readonly TimeRow[]): Advice[] {
  const scope = mainScope(tables).name;
  const rows = tables.accuracy.filter((row) => row.scope === scope);
  const bounds = new Set(tables.methods.filter(({ isBound }) => isBound).map(({ name }) => name));
  const weighed = rows.flatMap(({ method, noisy, clean, cleanBefore }) => {
    const sent = tables.parameters.find((row) => row.scope === scope && row.method === method);
    if (!noisy || !clean || !cleanBefore || !sent) return [];
    const { low, high } = noisy;
    return {
      method,
      noisy: noisy.mean,
      noisyInterval: low === undefined || high === undefined ? {} : { low, high },
      cleanLoss: cleanBefore.mean - clean.mean,
      sent: sent.transferred.mean,
      seconds: mean(times.filter((row) => row.method === method).map((row) => row.repairSeconds)),
      isBound: bounds.has(method),
    };
  });
  return weighed
    .map((one) => ({
      ...one,
      dominatedBy: weighed
        .filter((other) => other !== one && !other.isBound && isAtLeastAsGood(other, one))
        .map(({ method }) => method),
    }))
    .sort((a, b) => b.noisy - a.noisy);
}

type Weighed = Omit<Advice, 'dominatedBy'>;

/** In everything, and better in something. */
function isAtLeastAsGood(a: Weighed, b: Weighed): boolean {
  const better = [
    a.noisy - b.noisy,
    b.cleanLoss - a.cleanLoss,
    b.sent - a.sent,
    ...(a.seconds === undefined || b.seconds === undefined ? [] : [b.seconds - a.seconds]),
  ];
  return better.every((difference) => difference >= 0) && better.some((difference) => difference > 0);
}

/**
 * The advice as text.
 * @param largestLoss of clean accuracy that a person accepts, as a share of 1
 */
export function adviceText(
  tables: ReportTables,
  times: readonly TimeRow[],
  largestLoss: number,
  view: View,
): string {
  const all = adviceOf(tables, times);
  const bounds = all.filter(({ isBound }) => isBound).map(({ method }) => method);
  const section: Section = {
    title: `What each method gives and costs, ${scopeText(mainScope(tables))}`,
    grid: {
      rowKind: 'method',
      columnKind: '',
      rows: all.map(({ method, dominatedBy, isBound }) => ({
        full: (dominatedBy.length === 0 && !isBound ? '• ' : '  ') + method,
      })),
      columns: ['noisy %', '95 % interval', 'clean', 'sent', 'seconds'].map((full) => ({ full })),
      cells: all.map(({ noisy, noisyInterval, cleanLoss, sent, seconds }) => [
        percent(noisy),
        percentInterval(noisyInterval),
        points(-cleanLoss),
        count(Math.round(sent)),
        seconds === undefined ? nothing : fixed(seconds, 1),
      ]),
      canTurn: false,
    },
    notes: [
      ...syntheticNote(tables),
      '•: no other method is at least as good in all four; clean: change of clean accuracy, in points; sent: parameters',
      'seconds of a repair as they were in this run, beside whatever else ran',
      ...(bounds.length > 0
        ? [`${bounds.join(', ')}: uses what nobody knows at run time, a bound and no choice`]
        : []),
      'which differences are more than chance stands in comparisons.csv',
    ],
  };
  return `${sectionText(section, view)}\n\n${wrap(sentence(all, largestLoss), view.columns).trimStart()}\n`;
}

function sentence(all: readonly Advice[], largestLoss: number): string {
  const before = all.find(({ method }) => method === 'original')?.noisy;
  const loss = `${percent(largestLoss)} points of clean accuracy`;
  const best = all.find(
    ({ cleanLoss, isBound, noisy }) =>
      !isBound && cleanLoss <= largestLoss && (before === undefined || noisy > before),
  );
  if (best === undefined)
    return `No method here gets more noisy images right than the original and loses at most ${loss}.`;
  return `Of those that lose at most ${loss}, ${best.method} gets most noisy images right: ${percent(best.noisy)} %${
    before === undefined ? '' : `, the original ${percent(before)} %`
  }.`;
}
