import type { Engine } from '../engine/engine.js';
import { forwardAll, type Network } from '../networks/network.js';
import { gather, pieces, rows, toTensor, type Images } from '../nn/batch.js';
import { predictedFromLogits } from '../nn/metrics.js';
import { addOnLogits, type AddOn } from './add-on.js';
import { aboveThreshold, environmentScores, type EnvironmentGate } from './gate.js';
import { momentCount, stageMoments } from './moments.js';

const batch = 250;

/**
 * The network as it runs after the repair: one pass of the original, the gate's decision by the moments of its stages,
 * and for images above the threshold a second pass through the add-on, whose answer counts. All others get the original's
 * answer, bit for bit.
 * @param images bytes [n, h, w, c]
 */
export async function classifyInEnvironment(
  engine: Engine,
  network: Network,
  {
    gate,
    threshold,
    addOn,
  }: { readonly gate: EnvironmentGate; readonly threshold: number; readonly addOn: AddOn },
  images: Images,
): Promise<{ readonly classes: Uint8Array; readonly flagged: Uint8Array }> {
  const { tf } = engine;
  const classes: number[] = [];
  const flagged: number[] = [];
  for (const [from, to] of pieces(images.shape[0]!, batch)) {
    const piece = rows(images, from, to);
    const [logits, moments] = tf.tidy(() => {
      const seen = forwardAll(network, toTensor(engine, piece, network.normalisation));
      return [seen.logits, stageMoments(engine, seen.maps)];
    });
    const data = (await moments.data()) as Float32Array;
    const above = aboveThreshold(environmentScores(gate, { data, width: momentCount(network) }), threshold);
    const original = predictedFromLogits((await logits.data()) as Float32Array, network.classes);
    classes.push(...(await classifyFlagged(engine, addOn, piece, original, above)));
    flagged.push(...above);
    tf.dispose([logits, moments]);
  }
  return { classes: Uint8Array.from(classes), flagged: Uint8Array.from(flagged) };
}

/**
 * The same where the original's classes and the gate's decisions are known: only flagged images run, through the add-on.
 * @param original [n], not changed
 */
export async function classifyFlagged(
  engine: Engine,
  addOn: AddOn,
  images: Images,
  original: Uint8Array,
  flagged: Uint8Array,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<Uint8Array> {
  const { network } = addOn;
  const classes = original.slice();
  const members = Uint32Array.from(flagged.keys()).filter((n) => flagged[n] === 1);
  for (const [from, to] of pieces(members.length, batch)) {
    const piece = members.subarray(from, to);
    const logits = engine.tf.tidy(() =>
      addOnLogits(addOn, toTensor(engine, gather(images, piece), network.normalisation), 'inference'),
    );
    const answers = predictedFromLogits((await logits.data()) as Float32Array, network.classes);
    logits.dispose();
    piece.forEach((n, k) => (classes[n] = answers[k]!));
    onProgress(to, members.length);
    await new Promise(setImmediate);
  }
  return classes;
}
