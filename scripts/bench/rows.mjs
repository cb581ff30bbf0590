import { Rng } from '../../dist/core/rng.js';
import { networks } from '../../dist/networks/index.js';
import { noises } from '../../dist/noises/index.js';
import { countParameters, sampleStructure } from '../../dist/repair/structure.js';

/**
 * What is measured: a line of the table each.
 * @typedef {object} Row
 * @property {string} name as `--only` takes it
 * @property {string} what one round does
 * @property {string} group rows of one group take turns, so that they can be compared
 * @property {object} spec all that a worker needs to know; `spec.work` names what it does
 * @property {number} units how many of what the time is given for are in a round
 * @property {number} images how many images a round goes through; 0 where there are none
 * @property {readonly PeerForm[]} peers the ways in which the peer does the same; none where it has no such work
 *
 * @typedef {object} PeerForm
 * @property {string} form empty where there is only one way
 * @property {number} [aim] how many times the peer's speed ours should reach
 */

/** Layouts in which the peer is measured: its default, and the one that its authors advise. */
export const layouts = ['nchw', 'nhwc'];

/** Passes of the patch's training in a repair: the making of kept feature maps counts with a part of them. */
export const passes = 8;

/** Sizes of the real work, and small ones to see that everything runs. */
const sizes = {
  full: {
    batch: 128,
    trainSteps: 2,
    steps: 2,
    fisher: 200,
    patchBatch: 64,
    patchSamples: 2700,
    scored: 110_000,
    evaluated: 10_000,
    tile: 500,
    singles: 100,
    noisy: 100,
  },
  quick: {
    batch: 8,
    trainSteps: 1,
    steps: 1,
    fisher: 4,
    patchBatch: 4,
    patchSamples: 60,
    scored: 1000,
    evaluated: 40,
    tile: 40,
    singles: 20,
    noisy: 4,
  },
};

/** Share of the images that the gate flags in the evaluation of a repaired network. */
const flaggedShare = 0.05;

/**
 * Where the gate sends what it flags: the mean of the images of D_t that trigger it in the recorded results
 * (results/quickstart/gate.csv and results/compared/gate.csv). Nothing is recorded for five stages.
 */
function spreadOf(stages) {
  return stages === 3 ? [0.2, 0.35, 0.45] : Array.from({ length: stages }, () => 1 / stages);
}

/** The structure of the default space that is nearest to its mean in size. */
function typicalStructure(space) {
  const drawn = Array.from({ length: 64 }, (_, k) =>
    sampleStructure(new Rng(0, `bench/structure/${k}`), { ...space, opsPerEdge: 'bernoulli' }),
  );
  const size = (structure) => countParameters(structure, 1);
  const mean = drawn.reduce((sum, structure) => sum + size(structure), 0) / drawn.length;
  const distance = (structure) => Math.abs(size(structure) - mean);
  return drawn.reduce((best, structure) => (distance(structure) < distance(best) ? structure : best));
}

/** @param network the one that all rows but the training steps are about @returns {Row[]} */
export function benchRows({ network, isQuick }) {
  const size = sizes[isQuick ? 'quick' : 'full'];
  const { stages } = networks.find(({ name }) => name === network);
  const spread = spreadOf(stages);
  const space = { nodes: 4, cells: 2 };
  const structure = typicalStructure(space);
  // Halfway through the search's training, where 4 of 7 operations are kept.
  const active = sampleStructure(new Rng(0, 'bench/active'), {
    ...space,
    opsPerEdge: 'bernoulli',
    keep: 4 / 7,
  });
  const plain = [{ form: '' }];
  const row = (name, what, spec, { units = 1, images = 0, peers = [], group = name } = {}) => ({
    ...{ name, what, group, units, images, peers },
    spec: { network, ...spec },
  });
  const steps = (count, batch) => ({ units: count, images: count * batch });
  const patchStep = (name, what, counts) => {
    const total = counts.reduce((a, b) => a + b, 0);
    return row(
      `patch/${name}`,
      `a training step of the patch, batches of ${size.patchBatch}, feature maps there: ${what}`,
      { work: 'patch-step', batch: size.patchBatch, structure, counts },
      { ...steps(total, size.patchBatch), peers: plain },
    );
  };
  const evaluation = {
    work: 'evaluate',
    images: size.evaluated,
    tile: size.tile,
    flaggedShare,
    spread,
    structure,
  };
  const singles = { ...evaluation, images: size.singles, tile: size.singles, batch: 1 };
  const inTurns = { group: 'evaluate', images: size.evaluated, peers: [{ form: '', aim: 1 }] };
  const oneByOne = { group: 'latency', units: size.singles, images: size.singles, peers: plain };
  const flagged = `${100 * flaggedShare} % flagged`;
  const training = (group, precision, aim) =>
    networks.map(({ name }) =>
      row(
        `${group}/${name}`,
        `a training step of the whole network in ${precision}, batches of ${size.batch}`,
        { work: 'train', network: name, batch: size.batch, steps: size.trainSteps, precision },
        { ...steps(size.trainSteps, size.batch), peers: [{ form: '', aim }] },
      ),
    );
  return [
    ...training('train', 'float32', 1.1),
    ...training('train-bf16', 'bfloat16', 1),
    row(
      'probe',
      `a training step of all probes, batches of ${size.batch}: the frozen network forward, the probes trained`,
      { work: 'probe', batch: size.batch, steps: size.steps },
      { ...steps(size.steps, size.batch), peers: plain },
    ),
    row(
      'fisher',
      `Fisher information of ${size.fisher} samples, one by one, over all stages`,
      { work: 'fisher', samples: size.fisher },
      {
        images: size.fisher,
        peers: [
          { form: 'loop', aim: 2 },
          { form: 'vmap', aim: 2 },
        ],
      },
    ),
    row('gate', `the gate trained on 200 samples, and ${size.scored} samples scored`, {
      work: 'gate',
      samples: 200,
      scored: size.scored,
    }),
    row(
      'hyper-patch',
      `a training step of the hyper-patch, batches of ${size.batch}, inputs of all stages there`,
      { work: 'hyper-patch', batch: size.batch, steps: 1, space, active },
      { ...steps(1, size.batch), peers: plain },
    ),
    ...spread.map((_, i) =>
      patchStep(
        `stage${i + 1}`,
        `on stage ${i + 1}`,
        spread.map((__, k) => (k === i ? size.steps : 0)),
      ),
    ),
    patchStep(
      'spread',
      `${spread.map((share) => `${100 * share} %`).join(', ')} of the steps on the stages`,
      spread.map((share) => Math.round(20 * share)),
    ),
    row(
      'patch-epoch',
      `a pass of the patch's training over ${size.patchSamples} samples, with its eighth of making feature maps`,
      {
        work: 'patch-epoch',
        batch: size.patchBatch,
        samples: size.patchSamples,
        passes,
        spread,
        structure,
      },
      {
        images: size.patchSamples,
        peers: [
          { form: 'uncached', aim: 1.3 },
          { form: 'cached', aim: 1 },
        ],
      },
    ),
    row(
      'evaluate/original',
      `classes of ${size.evaluated} images by the original`,
      { ...evaluation, isRepaired: false },
      inTurns,
    ),
    row(
      'evaluate/repaired',
      `classes of ${size.evaluated} images by the repaired network, ${flagged}`,
      { ...evaluation, isRepaired: true },
      inTurns,
    ),
    row(
      'latency/original',
      'the class of a single image by the original',
      { ...singles, isRepaired: false },
      oneByOne,
    ),
    row(
      'latency/repaired',
      `the class of a single image by the repaired network, the mean of ${size.singles} with ${flagged}`,
      { ...singles, isRepaired: true },
      oneByOne,
    ),
    ...noises.map(({ name }) => {
      const images = 5 * size.noisy; // one for each severity
      return row(
        `noise/${name}`,
        'one image of 32 x 32 on one core, the mean of the five severities',
        { work: 'noise', noise: name, images: size.noisy },
        { units: images, images },
      );
    }),
    row('start/version', 'patchnas --version', { work: 'command', args: ['--version'] }),
    row('start/list', 'patchnas list noises', { work: 'command', args: ['list', 'noises'] }),
    row('start/warm-run', 'patchnas run on a small experiment that is finished', { work: 'warm-run' }),
  ];
}

/**
 * Rows of these names; `train` is all that begin with `train/`. Without names all but those in bfloat16 where the processor
 * is not made for it.
 * @throws {RangeError} for a name of no row
 */
export function chosenRows(rows, names, hasBfloat16) {
  const isNamed = (row, name) => row.name === name || row.name.startsWith(`${name}/`);
  const unknown = names.find((name) => !rows.some((row) => isNamed(row, name)));
  if (unknown !== undefined) {
    const known = rows.map(({ name }) => name).join(', ');
    throw new RangeError(`there is no row "${unknown}"\n  Rows: ${known}`);
  }
  if (names.length === 0) return rows.filter(({ spec }) => hasBfloat16 || spec.precision !== 'bfloat16');
  return rows.filter((row) => names.some((name) => isNamed(row, name)));
}
