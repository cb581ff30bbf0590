import { count } from '../../dist/report/console/format.js';
import { renderGrid, wrap } from '../../dist/report/console/grid.js';

const columns = 80;

/** The whole report as text. @param report what `summarise` made */
export function tableOf(report) {
  const lines = [...report.rows.flatMap((row) => linesOf(row, report)), ...repairLines(report)];
  const grid = {
    rowKind: 'work',
    columnKind: '',
    rows: lines.map(([name]) => ({ full: name })),
    columns: ['time', 'img/s', 'CPU', 'MB', 'ratio', 'aim'].map((full) => ({ full })),
    cells: lines.map(([, ...cells]) => cells),
    canTurn: false,
  };
  const texts = [...heading(report), ''].map((text) => (text === '' ? '' : wrap(text, columns)));
  return [
    ...texts,
    renderGrid(grid, { columns, colour: false }),
    ...notes(report).map((text) => wrap(text, columns)),
  ].join('\n');
}

function heading({ ours, peer, machine, rounds, network, isQuick }) {
  const versions = [
    `patchnas ${ours.patchnas}`,
    `Node ${ours.node}`,
    ...(ours.engine ? [`TensorFlow ${ours.engine.tensorflow} (${settingsOf(ours.engine)})`] : []),
    ...(peer ? [`PyTorch ${peer.version} (${settingsOf(peer)})`] : []),
  ];
  return [
    `${machine.cpu}, ${machine.cores} cores, ${gigabytes(machine.memoryBytes)}: ${versions.join(', ')}`,
    `Medians of ${rounds} rounds in which the sides took turns; ${network} and float32 where a row names nothing else`,
    ...(isQuick
      ? ['QUICK: small sizes, to see that it runs. No figure here says how fast anything is.']
      : []),
    ...(machine.busyShare > 0.1
      ? [
          `Other work took ${Math.round(100 * machine.busyShare)} % of the processors at the start: no figures to quote.`,
        ]
      : []),
  ];
}

function settingsOf({ threads }) {
  return `${threads} thread${threads === 1 ? '' : 's'}`;
}

function gigabytes(bytes) {
  return `${Math.round(bytes / 1e9)} GB`;
}

/** A line for each side of a row, and what the repaired network takes beyond the original. */
function linesOf(row, { overhead, isQuick }) {
  const ours = row.sides.find(({ side }) => side === 'ours');
  const lines = row.sides.map((side) => {
    const { side: name, form, layout } = side;
    const label = side === ours ? row.name : `  ${[name, form, layout].filter(Boolean).join(' ')}`;
    if (!side.median) return [label, 'failed', '', '', '', '', ''];
    const compared = row.comparisons.find((other) => other.form === form && other.layout === layout);
    const ratio = side === ours || !ours?.median ? '' : ratioText(side.median.seconds / ours.median.seconds);
    return [label, ...figures(side.median), ratio, compared ? aimText(compared, String, isQuick) : ''];
  });
  if (row.name !== 'evaluate/repaired' || !overhead) return lines;
  const percent = (share) => `${Number((100 * share).toFixed(1))} %`;
  return [
    ...lines,
    ['  over the original', '', '', '', '', percent(overhead.share), aimText(overhead, percent, isQuick)],
  ];
}

function repairLines({ repair, isQuick }) {
  if (!repair) return [];
  return [
    ['repair*', timeText(repair.seconds), '', '', '', '', ''],
    [
      '  20 epochs of tuning*',
      ...[timeText(repair.fineTuningSeconds), '', '', ''],
      ratioText(repair.ratio),
      aimText(repair, String, isQuick),
    ],
  ];
}

function figures({ seconds, cpuSeconds, imagesPerSecond, peakBytes }) {
  return [
    timeText(seconds),
    imagesPerSecond === null ? '' : number(imagesPerSecond),
    timeText(cpuSeconds),
    count(Math.round(peakBytes / 1e6)),
  ];
}

/** "1.99 s", "12.3 ms", "23.4 µs" */
function timeText(seconds) {
  if (seconds >= 0.9995) return `${number(seconds)} s`;
  return seconds >= 0.9995e-3 ? `${number(seconds * 1e3)} ms` : `${number(seconds * 1e6)} µs`;
}

/** Three digits, more where they stand before the point, and two behind it at most. */
function number(value) {
  if (value >= 99.95) return count(Math.round(value));
  return value.toFixed(value >= 9.995 ? 1 : 2);
}

function ratioText(ratio) {
  return ratio.toFixed(ratio >= 9.995 ? 1 : 2);
}

function aimText({ aim, isMet }, textOf, isQuick) {
  if (aim === null) return '';
  return isQuick ? textOf(aim) : `${textOf(aim)} ${isMet ? 'yes' : 'no'}`;
}

function notes({ peer, repair, rows }) {
  const failed = rows.flatMap(({ name, sides }) =>
    sides.filter(({ failure }) => failure !== undefined).map(({ side }) => `${name} (${side})`),
  );
  return [
    'time and CPU seconds of one: a step, a pass, all images, an image, a start. MB: largest memory',
    ...(peer
      ? [
          "ratio: our speed over that line's; the aim stands beside the better layout of each form",
          "nchw: PyTorch's default; nhwc: channels last",
        ]
      : []),
    ...(repair
      ? [
          '*: not run, but counted: Fisher information of 200 samples, the gate and 8 passes over 2,700 samples; ' +
            '20 passes over 50,100 images in training steps of the whole network. Each from the seconds of its rows',
        ]
      : []),
    ...(failed.length > 0 ? [`failed: ${failed.join(', ')}`] : []),
  ];
}
