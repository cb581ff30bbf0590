import type { NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import type { Corruptor } from './corruptor.js';
import type { Severity } from './noise.js';
import { sideBySide } from './side-by-side.js';

export interface MixtureRequest {
  /** One noise, or several: each (image, severity) then gets one of them, drawn equally. */
  readonly noises: readonly string[];
  readonly severities: readonly Severity[];
  /** [N, height, width, 3], the whole data set. */
  readonly images: NdArray<Uint8Array>;
  /** [n] which of them are corrupted. */
  readonly indices: Uint32Array;
  /** The root stream, as for `corruptImages`. */
  readonly rng: Rng;
  readonly signal: AbortSignal;
  /** Told how many images of how many are corrupted. */
  readonly onProgress: (done: number, total: number) => void;
}

export interface Mixture {
  /** [severities * n, height, width, 3], severity by severity. */
  readonly images: NdArray<Uint8Array>;
  /** [severities * n] the place of each image's noise among the noises. */
  readonly noiseOf: Uint8Array;
}

/** How many images go to a thread at a time. */
const pieceRows = 500;

/**
 * Chosen images of a data set with the noises of a mixture, at every severity. The bytes do not depend on the
 * corruptor.
 * @throws the signal's reason when it is aborted
 */
export async function corruptMixture(corruptor: Corruptor, request: MixtureRequest): Promise<Mixture> {
  const { images, indices, rng, signal, onProgress } = request;
  const shape = images.shape.slice(1);
  const rowBytes = shape.reduce((a, b) => a * b, 1);
  const noiseOf = drawNoises(request);
  const total = noiseOf.length;
  const data = new Uint8Array(total * rowBytes);
  let done = 0;
  await sideBySide(corruptor, piecesOf(request, noiseOf), signal, async ({ noise, severity, rows }) => {
    const chosen = Uint32Array.from(rows, (row) => indices[row % indices.length]!);
    const clean = new Uint8Array(rows.length * rowBytes);
    chosen.forEach((index, k) =>
      clean.set(images.data.subarray(index * rowBytes, (index + 1) * rowBytes), k * rowBytes),
    );
    const bytes = await corruptor.corrupt({
      noise,
      params: {},
      severity,
      images: clean,
      shape: [rows.length, ...shape],
      indices: chosen,
      seed: rng.seed,
      stream: rng.path,
    });
    rows.forEach((row, k) => data.set(bytes.subarray(k * rowBytes, (k + 1) * rowBytes), row * rowBytes));
    done += rows.length;
    onProgress(done, total);
  });
  return { images: { shape: [total, ...shape], data }, noiseOf };
}

/** [severities * n] which of the noises each (image, severity) gets. */
export function drawNoises({
  noises,
  severities,
  indices,
  rng,
}: Pick<MixtureRequest, 'noises' | 'severities' | 'indices' | 'rng'>): Uint8Array {
  const noiseOf = new Uint8Array(severities.length * indices.length);
  if (noises.length === 1) return noiseOf;
  for (const [s, severity] of severities.entries()) {
    const stream = rng.child(`mixture/${noises.join('+')}/s${severity}`);
    for (let k = 0; k < indices.length; k++) noiseOf[s * indices.length + k] = stream.int(noises.length);
  }
  return noiseOf;
}

interface Part {
  readonly noise: string;
  readonly severity: Severity;
  /** Of the result; all of one noise and severity. */
  readonly rows: readonly number[];
}

/** The rows of a mixture by noise and severity, not too many at a time. */
export function* piecesOf(
  { noises, severities, indices: { length: n } }: Pick<MixtureRequest, 'noises' | 'severities' | 'indices'>,
  noiseOf: Uint8Array,
): Generator<Part, void> {
  for (const [s, severity] of severities.entries())
    for (let from = 0; from < n; from += pieceRows) {
      const all = Array.from({ length: Math.min(pieceRows, n - from) }, (_, k) => s * n + from + k);
      for (const [place, noise] of noises.entries()) {
        const rows = all.filter((row) => noiseOf[row] === place);
        if (rows.length > 0) yield { noise, severity, rows };
      }
    }
}
