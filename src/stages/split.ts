import { readFile, writeFile } from 'node:fs/promises';

import { DataError } from '../core/errors.js';
import { readNpy, writeNpy } from '../core/npy.js';
import { predictedFromLogits } from '../nn/metrics.js';
import { defineStage } from '../pipeline/stage.js';
import { splitSamples } from '../repair/split.js';
import type { CorruptRecord } from './corrupt.js';

type Params = {
  readonly unlabeled: number;
  readonly failures: number;
  readonly groupBy: 'none' | 'image';
  /** How many images of D_u are used, drawn by seed; left out where all of them are. */
  readonly samples?: number;
};

/** Divides an environment's noisy images: D_u without labels, D_e and D_s from the failures among the others. */
export const split = defineStage<Params>({
  name: 'split',
  summary: 'D_u, D_e (labelled failures) and D_s (the other failures)',
  version: 1,
  outputs: ['unlabeled.npy', 'failures.npy', 'held-out.npy', 'rightly-classified.npy', 'split.json'],
  engine: false,
  random: true,
  run: async ({ params, input, output, rng }) => {
    const baseImage = (await readNpy<Uint32Array>(input('corrupt', 'base-image.npy'))).data;
    const label = (await readNpy<Uint8Array>(input('corrupt', 'label.npy'))).data;
    const logits = await readNpy<Float32Array>(input('observe', 'logits.npy'));
    const predicted = predictedFromLogits(logits.data, logits.shape[1]!);
    const isFailure = label.map((each, n) => (predicted[n] === each ? 0 : 1));
    const { seenFrom } = JSON.parse(
      await readFile(input('corrupt', 'corrupt.json'), 'utf8'),
    ) as CorruptRecord;
    const parts = splitSamples({
      baseImage,
      isFailure,
      ...params,
      ...(seenFrom !== undefined && { seenFrom }),
      rng,
    });
    const there = parts.failures.length + parts.heldOut.length;
    if (parts.failures.length < params.failures || parts.heldOut.length === 0) {
      throw new DataError(
        `${there} labelled failures are there, too few for ${params.failures} in D_e and some more in D_s`,
        {
          code: 'PN340',
          fix:
            there > 1
              ? `Set split.failures to at most ${there - 1}, or take more images or stronger severities.`
              : 'Take more images or stronger severities: the network hardly fails on these.',
        },
      );
    }
    const files = {
      unlabeled: parts.unlabeled,
      failures: parts.failures,
      'held-out': parts.heldOut,
      'rightly-classified': parts.right,
    };
    for (const [name, indices] of Object.entries(files))
      await writeNpy(output(`${name}.npy`), { shape: [indices.length], data: indices });
    await writeFile(output('split.json'), `${JSON.stringify(parts.proof, undefined, 1)}\n`);
  },
});
