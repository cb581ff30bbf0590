import { drawNoises, type MixtureRequest, type NoisySource } from '../../src/noises/mixture.js';

export type Wanted = Omit<MixtureRequest, 'noiseOf'>;

/** The wanted images of a source in memory: bytes [rows, height, width, 3], and the place of each row's noise. */
export async function imagesOf(
  source: NoisySource,
  wanted: Wanted,
): Promise<{ readonly data: Uint8Array; readonly noiseOf: Uint8Array }> {
  const noiseOf = drawNoises(wanted);
  const rowBytes = source.shape.reduce((a, b) => a * b, 1);
  const data = new Uint8Array(noiseOf.length * rowBytes);
  await source.fill({ ...wanted, noiseOf }, (rows, bytes) => {
    rows.forEach((row, k) => data.set(bytes.subarray(k * rowBytes, (k + 1) * rowBytes), row * rowBytes));
    return Promise.resolve();
  });
  return { data, noiseOf };
}
