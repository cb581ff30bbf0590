import { beforeAll, describe, expect, it } from 'vitest';

import { sha256 } from '../../src/core/digest.js';
import { Rng } from '../../src/core/rng.js';
import { tasks } from '../../src/tasks/index.js';
import {
  makeTaskBatch,
  PIXELS_PER_IMAGE,
  type SelfSupervisedTask,
  type TaskBatch,
} from '../../src/tasks/task.js';
import { randomImages } from '../support/images.js';

/** SHA-256 of images, labels and positions of one pinned batch. They move: raise the entry's version. */
const digests: Record<string, string> = {
  rotation: 'afd5fd0dbc9fdf36e1c914634d86c5fa5f2b81370bcc6e64d1327806acbf0ea0',
  colorization: '01597a43fe8da0c8069a969704c530031ef283b1109af58ac2a5986bb07947bb',
  jigsaw: '8687b3d2215eff68fde08b5e6b11fb626fda4ed9e4425d264eea8c7807027207',
};

const images = randomImages(new Rng(11, 'contract/images'), 40, 32, 32);

describe.each(tasks)('$name', (entry) => {
  let task: SelfSupervisedTask;
  let perImage: number;
  const rng = new Rng(0, `contract/${entry.name}`); // seed 0 is a seed like any other
  const make = (indices: readonly number[], stream = rng): TaskBatch =>
    makeTaskBatch(task, images, indices, stream);

  beforeAll(async () => {
    task = await entry.load();
    perImage = task.kind === 'pixels' ? PIXELS_PER_IMAGE : 1;
  });

  it('has the name of its entry', () => {
    expect(task.name).toBe(entry.name);
  });

  it.each([
    [16, 16],
    [32, 32],
    [64, 64],
  ])('keeps the size of %i x %i images and gives whole labels in range', (height, width) => {
    const batch = makeTaskBatch(task, randomImages(new Rng(1, 'images'), 5, height, width), [4, 0, 2], rng);
    expect(batch.images.shape).toEqual([3, height, width, 3]);
    expect(batch.images.data.length).toBe(3 * height * width * 3);
    expect(batch.labels.length).toBe(3 * perImage);
    for (const label of batch.labels) expect(label >= 0 && label < task.classes).toBe(true);
    expect(batch.positions?.length).toBe(task.kind === 'pixels' ? 3 * perImage : undefined);
    for (const position of batch.positions ?? [])
      expect(position >= 0 && position < height * width).toBe(true);
  });

  it('leaves the images it reads alone', () => {
    const before = sha256(images.data);
    make([0, 1, 2, 3]);
    expect(sha256(images.data)).toBe(before);
  });

  it('writes every byte', () => {
    const image = images.data.subarray(0, 3072);
    const outs = [0, 255].map((fill) => {
      const out = new Uint8Array(3072).fill(fill);
      task.transform(image, { height: 32, width: 32 }, rng.child('fill'), out);
      return out;
    });
    expect(outs[0]).toEqual(outs[1]);
  });

  it('has the pinned bytes', () => {
    const batch = make([0, 1, 2, 3, 4, 5, 6, 7]);
    const parts = [batch.images.data, batch.labels, batch.positions ?? new Int32Array()];
    const bytes = parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength));
    expect(sha256(Buffer.concat(bytes))).toBe(digests[entry.name]);
  });

  it('draws the same for the same seed, and otherwise for another', () => {
    expect(make([3, 1, 2])).toEqual(make([3, 1, 2], new Rng(0, `contract/${entry.name}`)));
    const other = make([3, 1, 2], new Rng(1, `contract/${entry.name}`));
    expect(other).not.toEqual(make([3, 1, 2]));
  });

  it('gives a row the same bytes in any part and order of a batch', () => {
    const whole = make([0, 1, 2, 3, 4]);
    const shuffled = [4, 2, 0];
    const part = make(shuffled);
    for (const [i, k] of shuffled.entries()) {
      expect(row(part.images.data, i, 3072)).toEqual(row(whole.images.data, k, 3072));
      expect(row(part.labels, i, perImage)).toEqual(row(whole.labels, k, perImage));
      if (part.positions)
        expect(row(part.positions, i, perImage)).toEqual(row(whole.positions!, k, perImage));
    }
  });

  it('draws every class of an image as often as its chance level says', () => {
    const all = Array.from({ length: 40 }, (_, k) => k);
    const labels = Array.from({ length: 60 }, (_, k) => [
      ...make(all, rng.child(`repeat${k}`)).labels,
    ]).flat();
    const counts = new Array<number>(task.classes).fill(0);
    for (const label of labels) counts[label]!++;
    if (task.kind === 'pixels') {
      expect(task.chance(labels)).toBe(Math.max(...counts) / labels.length);
      return;
    }
    // 2400 draws with equal chances: each count lies within 4.5 standard deviations of its mean.
    const mean = labels.length / task.classes;
    const slack = 4.5 * Math.sqrt(mean * (1 - 1 / task.classes));
    expect(task.chance(labels)).toBe(1 / task.classes);
    for (const count of counts) expect(Math.abs(count - mean)).toBeLessThan(slack);
  });
});

function row<A extends Uint8Array | Int32Array>(data: A, i: number, length: number): A {
  return data.slice(i * length, (i + 1) * length) as A;
}
