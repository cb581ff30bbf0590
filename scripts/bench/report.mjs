import { passes } from './rows.mjs';

/** A repair of the paper's size: D_e and as many normal samples for the gate, and 5 % of D_t that trigger it. */
const repair = { gateSamples: 200, patchSamples: 2700 };

/** What it stands against: 20 passes over CIFAR-10's D_t and 100 failures, whole batches of 128 only. */
const fineTuning = { epochs: 20, images: 391 * 128 };

export const aims = { overhead: 0.1, repair: 20 };

/**
 * What measured rounds say: for each side the median of its rounds, for each form of the peer our speed over that of
 * its better layout, and what follows from several rows. Everything is worked out from the rounds alone.
 * @param measured rows with their sides, each with its rounds; see `measure.mjs`
 */
export function summarise(measured) {
  const rows = measured.rows.map((row) => ({
    ...row,
    sides: row.sides.map((side) => ({ ...side, median: medianOf(row, side) })),
  }));
  return {
    ...measured,
    rows: rows.map((row) => ({ ...row, comparisons: comparisonsOf(row) })),
    overhead: overheadOf(rows),
    repair: repairOf(rows, measured.network),
  };
}

/** Times of a unit, null where a side has no rounds. */
function medianOf({ units, images }, { rounds }) {
  if (rounds.length === 0) return null;
  const seconds = median(rounds.map((round) => round.seconds));
  return {
    seconds: seconds / units,
    cpuSeconds: median(rounds.map((round) => round.cpuSeconds)) / units,
    imagesPerSecond: images > 0 ? images / seconds : null,
    peakBytes: Math.max(...rounds.map(({ peakBytes }) => peakBytes)),
  };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One for each form of the peer that was measured. */
function comparisonsOf({ sides, peers }) {
  const ours = oursOf(sides);
  if (!ours?.median) return [];
  return peers.flatMap(({ form, aim }) => {
    const measured = sides.filter((side) => side.side !== 'ours' && side.form === form && side.median);
    if (measured.length === 0) return [];
    const better = measured.reduce((a, b) => (b.median.seconds < a.median.seconds ? b : a));
    const ratio = better.median.seconds / ours.median.seconds;
    return [
      {
        form,
        layout: better.layout,
        ratio,
        aim: aim ?? null,
        isMet: aim === undefined ? null : ratio >= aim,
      },
    ];
  });
}

function oursOf(sides) {
  return sides.find(({ side }) => side === 'ours');
}

/** Seconds of ours for one image of a row; undefined where it was not measured. */
function perImage(rows, name) {
  const row = rows.find((candidate) => candidate.name === name);
  const ours = row && oursOf(row.sides);
  return ours?.median ? 1 / ours.median.imagesPerSecond : undefined;
}

/** By how much the repaired network takes longer than the original. */
function overheadOf(rows) {
  const original = perImage(rows, 'evaluate/original');
  const repaired = perImage(rows, 'evaluate/repaired');
  if (original === undefined || repaired === undefined) return null;
  const share = repaired / original - 1;
  return { share, aim: aims.overhead, isMet: share <= aims.overhead };
}

/** A repair beside fine-tuning: both from measured steps times counts. */
function repairOf(rows, network) {
  const step = perImage(rows, `train/${network}`);
  const fisher = perImage(rows, 'fisher');
  const gate = rows.find(({ name }) => name === 'gate')?.sides[0]?.median?.seconds;
  const epoch = perImage(rows, 'patch-epoch');
  if ([step, fisher, gate, epoch].includes(undefined)) return null;
  const seconds = fisher * repair.gateSamples + gate + passes * epoch * repair.patchSamples;
  const fineTuningSeconds = step * fineTuning.epochs * fineTuning.images;
  const ratio = fineTuningSeconds / seconds;
  return { seconds, fineTuningSeconds, ratio, aim: aims.repair, isMet: ratio >= aims.repair };
}
