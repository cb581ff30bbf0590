import type { NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import type { OpenNoise } from './index.js';
import type { Severity } from './noise.js';

export interface CorruptRequest {
  readonly noise: OpenNoise;
  readonly severity: Severity;
  /** [n, height, width, 3] */
  readonly images: NdArray<Uint8Array>;
  /** [n] the number of each image in its data set: it names the image's draws. */
  readonly indices: ArrayLike<number>;
  /** The root stream. Draws come from `<its path>/<noise>/s<severity>/<index>`, so any part of the work, in any
   * order and any process, gives the same bytes. */
  readonly rng: Rng;
}

/** The images corrupted by one noise at one severity: bytes [n, height, width, 3]. */
export function corruptImages({
  noise: { name, noise },
  severity,
  images,
  indices,
  rng,
}: CorruptRequest): Uint8Array {
  const [n, height, width, channels] = images.shape;
  if (images.shape.length !== 4 || channels !== 3)
    throw new RangeError(
      `corrupt: images must be [n, height, width, 3] but got [${images.shape.join(', ')}]`,
    );
  if (indices.length !== n)
    throw new RangeError(`corrupt: ${n} images need as many indices but got ${indices.length}`);
  const size = { height: height!, width: width! };
  const bytes = size.height * size.width * 3;
  const out = new Uint8Array(n * bytes);
  const stream = rng.child(name).child(`s${severity}`);
  for (let k = 0; k < n; k++) {
    const from = k * bytes;
    const image = images.data.subarray(from, from + bytes);
    const draws = noise.draw(stream.child(indices[k]!), size, severity, image);
    noise.apply(image, size, severity, draws, out.subarray(from, from + bytes));
  }
  return out;
}
