import { describe, expect, it } from 'vitest';

import { formatError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import { colorization } from '../../../src/tasks/colorization.js';
import { jigsaw } from '../../../src/tasks/jigsaw.js';
import { rotation } from '../../../src/tasks/rotation.js';
import { makeTaskBatch } from '../../../src/tasks/task.js';

function images(...shape: number[]) {
  return { shape, data: new Uint8Array(shape.reduce((a, b) => a * b, 1)) };
}

describe('makeTaskBatch', () => {
  const rng = new Rng(1, 'task');

  it('keeps positions away from tasks with one label per image', () => {
    expect(Object.keys(makeTaskBatch(rotation, images(2, 8, 8, 3), [0], rng))).toEqual(['images', 'labels']);
  });

  it('gives an empty batch for no indices', () => {
    const batch = makeTaskBatch(colorization, images(2, 8, 8, 3), [], rng);
    expect(batch.images.shape).toEqual([0, 8, 8, 3]);
    expect([batch.labels.length, batch.positions?.length]).toEqual([0, 0]);
  });

  it('refuses arrays that are not RGB images', () => {
    expect(() => makeTaskBatch(rotation, images(2, 8, 8, 1), [0], rng)).toThrow(
      'rotation: images must be [n, height, width, 3] but got [2, 8, 8, 1]',
    );
  });

  it.each([2, -1, 0.5, NaN])('refuses index %s', (index) => {
    expect(() => makeTaskBatch(jigsaw, images(2, 8, 8, 3), [index], rng)).toThrow(
      `jigsaw: no image ${index} among 2`,
    );
  });

  it('says which size a task needs', () => {
    const messages = [
      [rotation, images(1, 8, 10, 3)],
      [jigsaw, images(1, 9, 8, 3)],
      [jigsaw, images(1, 8, 6, 3)],
      [colorization, images(1, 7, 9, 3)],
    ] as const;
    expect(
      messages.map(([task, array]) => {
        try {
          makeTaskBatch(task, array, [0], rng);
        } catch (error) {
          return formatError(error);
        }
        return 'accepted';
      }),
    ).toEqual([
      'PN350 rotation: needs square images but the images are 8 x 10\n' +
        '  Leave rotation out of search.tasks, or bring the images to such a size.',
      'PN350 jigsaw: needs an even height and width of at least 8 pixels but the images are 9 x 8\n' +
        '  Leave jigsaw out of search.tasks, or bring the images to such a size.',
      'PN350 jigsaw: needs an even height and width of at least 8 pixels but the images are 8 x 6\n' +
        '  Leave jigsaw out of search.tasks, or bring the images to such a size.',
      'PN350 colorization: needs at least 64 pixels but the images are 7 x 9\n' +
        '  Leave colorization out of search.tasks, or bring the images to such a size.',
    ]);
  });
});
