import { DataError } from '../core/errors.js';
import type { NdArray } from '../core/npy.js';
import type { Rng } from '../core/rng.js';

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** What is to be predicted for one transformed image: one class, or a class at each of some pixels. */
export type TaskTarget =
  | { readonly kind: 'image'; readonly label: number }
  | {
      readonly kind: 'pixels';
      /** y * width + x of each sampled pixel, {@link PIXELS_PER_IMAGE} different ones. */
      readonly positions: Int32Array;
      /** Class of each of them. */
      readonly labels: Int32Array;
    };

/** How many pixels of an image a task with a target per pixel samples. */
export const PIXELS_PER_IMAGE = 64;

/** A task that makes its own labels out of unlabelled images (Eqs. 12 to 14 of the paper). */
export interface SelfSupervisedTask {
  readonly name: string;
  readonly kind: TaskTarget['kind'];
  readonly classes: number;
  /**
   * The accuracy of knowing nothing.
   * @param labels the labels of the images that are scored; only tasks whose classes are uneven look at them
   */
  chance(labels: ArrayLike<number>): number;
  /**
   * Draws one transform, writes the transformed image and returns what is to be predicted from it.
   * @param image [height, width, 3] RGB, not changed
   * @param out [height, width, 3], every byte is written
   * @throws {DataError} PN350 for a size that the task cannot use
   */
  transform(image: Uint8Array, size: ImageSize, rng: Rng, out: Uint8Array): TaskTarget;
}

export interface TaskBatch {
  /** [n, height, width, 3] */
  readonly images: NdArray<Uint8Array>;
  /** [n], or [n * {@link PIXELS_PER_IMAGE}] for a task with a target per pixel. */
  readonly labels: Int32Array;
  /** [n * {@link PIXELS_PER_IMAGE}] as y * width + x within each image; only for a task with a target per pixel. */
  readonly positions?: Int32Array;
}

/**
 * Transforms some rows of an image array. Row k draws from `rng.child(k)` whatever else is in the batch, so that a
 * part of a batch, or a batch in another order, has the same bytes.
 * @param images [N, height, width, 3]
 * @param indices rows of `images`
 * @throws {RangeError} for an index outside of `images`; {DataError} PN350 for a size that the task cannot use
 */
export function makeTaskBatch(
  task: SelfSupervisedTask,
  images: NdArray<Uint8Array>,
  indices: ArrayLike<number>,
  rng: Rng,
): TaskBatch {
  const [count, height, width, channels] = images.shape;
  if (images.shape.length !== 4 || channels !== 3)
    throw new RangeError(
      `${task.name}: images must be [n, height, width, 3] but got [${images.shape.join(', ')}]`,
    );
  const size = { height: height!, width: width! };
  const pixels = size.height * size.width * 3;
  const n = indices.length;
  const perImage = task.kind === 'pixels' ? PIXELS_PER_IMAGE : 1;
  const out = new Uint8Array(n * pixels);
  const labels = new Int32Array(n * perImage);
  const positions = new Int32Array(task.kind === 'pixels' ? labels.length : 0);

  for (let i = 0; i < n; i++) {
    const index = indices[i]!;
    if (!(Number.isInteger(index) && index >= 0 && index < count!))
      throw new RangeError(`${task.name}: no image ${index} among ${count}`);
    const image = images.data.subarray(index * pixels, (index + 1) * pixels);
    const target = task.transform(image, size, rng.child(index), out.subarray(i * pixels, (i + 1) * pixels));
    if (target.kind === 'image') labels[i] = target.label;
    else {
      labels.set(target.labels, i * perImage);
      positions.set(target.positions, i * perImage);
    }
  }
  const batch = { images: { shape: [n, size.height, size.width, 3], data: out }, labels };
  return task.kind === 'pixels' ? { ...batch, positions } : batch;
}

/** The error for images whose size a task cannot use. */
export function unusableSize(task: string, size: ImageSize, need: string): DataError {
  return new DataError(`${task}: needs ${need} but the images are ${size.height} x ${size.width}`, {
    code: 'PN350',
    fix: `Leave ${task} out of search.tasks, or bring the images to such a size.`,
  });
}
