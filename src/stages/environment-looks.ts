import { readFile } from 'node:fs/promises';

import { readNpy } from '../core/npy.js';
import type { EnvironmentModel } from '../environment/model.js';
import type { StageContext } from '../pipeline/stage.js';
import type { EnvironmentLook } from '../report/index.js';
import type { LooksRecord } from './environment-model.js';
import { pngText } from './sample-images.js';

/** What the environment model of a task has learned, for the report. */
export async function environmentLook(
  { input }: Pick<StageContext, 'input'>,
  task: string,
): Promise<EnvironmentLook> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(input(task, file), 'utf8'));
  const { edges, weights, transfer, noise, gain, shift } = (await read('model.json')) as EnvironmentModel;
  const { severity, isPaired } = (await read('looks.json')) as LooksRecord;
  const { data, shape } = await readNpy<Uint8Array>(input(task, 'looks.npy'));
  const [, count, height, width] = shape as [number, number, number, number];
  const size = height * width * 3;
  const png = (kind: number, i: number): Promise<string> => {
    const at = (kind * count + i) * size;
    return pngText(data.subarray(at, at + size), height, width);
  };
  return {
    environment: task.split('/')[1]!,
    edges,
    components: weights.map((weight, k) => ({
      weight,
      transfer: transfer[k]!,
      noise: noise[k]!,
      gain: gain[k]!,
      shift: shift[k]!,
    })),
    isPaired,
    images: await Promise.all(
      severity.map(async (each, i) => ({
        severity: each,
        clean: await png(0, i),
        styled: await png(1, i),
        noisy: await png(2, i),
      })),
    ),
  };
}
