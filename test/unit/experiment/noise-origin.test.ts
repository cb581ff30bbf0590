import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { sha256File } from '../../../src/core/digest.js';
import type { ConfigError } from '../../../src/core/diagnostics.js';
import { DataError } from '../../../src/core/errors.js';
import { readNpy } from '../../../src/core/npy.js';
import { decodeImage } from '../../../src/datasets/folder/decode.js';
import { shapes } from '../../../src/datasets/shapes/dataset.js';
import type { LabelledImages } from '../../../src/datasets/dataset.js';
import type { ExperimentPlan } from '../../../src/experiment/plan.js';
import { numbersOf } from '../../support/artifacts.js';
import { writeImage, writeNoisyFolder } from '../../support/image-sets.js';
import { writeOfficialArrays } from '../../support/official-arrays.js';
import { keysOf, planOf, runPlan, tinyExperiment } from '../../support/stage-run.js';
import { tempFolder } from '../../support/temp-folder.js';

let test: LabelledImages;
beforeAll(async () => {
  ({ test } = await shapes.read('', { train: 10, test: 40, seed: 1 }));
});

const noises = ['gaussian_noise', 'fog'];
const text = tinyExperiment
  .replace('scoreSamples: 8', 'scoreSamples: 6')
  .replace(
    'types: [gaussian_noise], severities: [1, 3, 5]',
    'types: [gaussian_noise], environments: { both: [gaussian_noise, fog] }, severities: [1, 5], images: 30',
  );

/** Three pictures of each class of the shapes, as names go. */
async function folderIn(dir: string): Promise<string> {
  const { classFolders } = await shapes.shape({ train: 10, test: 40, seed: 1 });
  return writeNoisyFolder(dir, noises, [1, 5], classFolders, { height: 32, width: 32, perClass: 3 });
}

async function arraysIn(dir: string): Promise<string> {
  await writeOfficialArrays(dir, test, noises);
  return dir;
}

function importing(dir: string): Promise<ExperimentPlan> {
  return planOf(text, [`noise.source={ kind: npy, dir: "${dir}" }`]);
}

function paramsOf(plan: ExperimentPlan, id: string): unknown {
  return plan.tasks.find((task) => task.id === id)!.params;
}

describe('noise.source: { kind: npy }', () => {
  it('names the arrays by their bytes, wherever they lie', async () => {
    const dir = await arraysIn(await tempFolder());
    const plan = await importing(dir);
    const [gaussian, fog, labels] = await Promise.all(
      ['gaussian_noise', 'fog', 'labels'].map((name) => sha256File(join(dir, `${name}.npy`))),
    );
    expect(paramsOf(plan, 'corrupt/both')).toEqual({
      noises,
      arrays: { images: [gaussian, fog], labels },
      severities: [1, 5],
      images: 30,
    });
    expect(plan.files[fog!]).toBe(join(dir, 'fog.npy'));
    expect(paramsOf(plan, 'report')).toMatchObject({ subject: { noiseOrigin: 'imported' } });
    const moved = await importing(await arraysIn(await tempFolder()));
    expect([...keysOf(moved)]).toEqual([...keysOf(plan)]);
  });

  it('shares no noisy image with a run that makes them, and everything before them', async () => {
    const imported = keysOf(await importing(await arraysIn(await tempFolder())));
    const generated = keysOf(await planOf(text));
    expect([...imported.keys()]).toEqual([...generated.keys()]);
    const shared = [...imported].filter(([task, key]) => generated.get(task) === key).map(([task]) => task);
    expect(shared).toEqual([
      ...['dataset', 'pretrain', 'pretrain/reseed', 'probe'],
      ...['observe/train', 'observe/test', 'observe/test/reseed'],
    ]);
  });

  it('gives the images that the arrays hold, for the same choice as when they are made here', async () => {
    const dir = await arraysIn(await tempFolder());
    const imported = await runPlan(upToNoise(await importing(dir)), await tempFolder());
    const generated = await runPlan(upToNoise(await planOf(text)), await tempFolder());
    for (const task of ['corrupt/gaussian_noise', 'corrupt/both'])
      expect(imported.get(task)!.outputs).toEqual(generated.get(task)!.outputs);
  });

  it('refuses arrays of another test set before anything runs', async () => {
    const dir = await arraysIn(await tempFolder());
    await expect(
      planOf(text, [`noise.source={ kind: npy, dir: "${dir}" }`, 'dataset.test=41']),
    ).rejects.toThrow(DataError);
  });
});

const upToNoise = (plan: ExperimentPlan): ExperimentPlan => ({
  ...plan,
  tasks: plan.tasks.filter(({ stage }) => ['dataset', 'corrupt'].includes(stage)),
});

describe('noise.source: { kind: folder }', () => {
  const from = (dir: string): Promise<ExperimentPlan> =>
    planOf(text, [`noise.source={ kind: folder, dir: "${dir}" }`]);

  it('names each noise by its bytes, wherever the folder stands, and marks the report', async () => {
    const dir = await folderIn(await tempFolder());
    const plan = await from(dir);
    const { pictures } = paramsOf(plan, 'corrupt/both') as {
      pictures: { digests: string[]; classFolders: string[] };
    };
    expect(pictures.digests).toHaveLength(2);
    expect(pictures.classFolders).toHaveLength(10);
    expect(plan.files[pictures.digests[1]!]).toBe(dir);
    expect(paramsOf(plan, 'report')).toMatchObject({ subject: { noiseOrigin: 'unpaired' } });
    const moved = await from(await folderIn(await tempFolder()));
    expect([...keysOf(moved)]).toEqual([...keysOf(plan)]);
    await writeImage(dir, 'fog/5/disc/test_0.JPEG', { height: 32, width: 32, channels: 1 });
    const [before, after] = [keysOf(plan), keysOf(await from(dir))];
    expect(after.get('corrupt/both')).not.toBe(before.get('corrupt/both'));
    expect(after.get('corrupt/gaussian_noise')).toBe(before.get('corrupt/gaussian_noise'));
  });

  it('gives pictures with labels of their own, whose numbers are beyond those of the test images', async () => {
    const dir = await folderIn(await tempFolder());
    await mkdir(join(dir, 'fog/5/n04'));
    const produced = await runPlan(upToNoise(await from(dir)), await tempFolder());
    const { folder, events } = produced.get('corrupt/both')!;
    expect(events.filter(({ type }) => type === 'warning')).toEqual([
      { type: 'warning', text: 'fog/5: 1 folders that are no class of the data set' },
    ]);
    const numbers = async (file: string) => [...(await numbersOf({ folder }, file))];
    expect(await numbers('base-image.npy')).toEqual([0, 1].flatMap(() => range(30).map((k) => 40 + k)));
    expect(await numbers('label.npy')).toEqual([0, 1].flatMap(() => range(30).map((k) => Math.floor(k / 3))));
    const { shape, data } = await readNpy<Uint8Array>(join(folder, 'images.npy'));
    expect(shape).toEqual([60, 32, 32, 3]);
    const noiseOf = await numbers('noise.npy');
    for (const row of [0, 29, 30, 44]) {
      const { classFolders } = await shapes.shape({ train: 10, test: 40, seed: 1 });
      const name = classFolders[Math.floor((row % 30) / 3)]!;
      const path = `${noises[noiseOf[row]!]!}/${row < 30 ? 1 : 5}/${name}/test_${row % 3}.JPEG`;
      const stored = await decodeImage(await readFile(join(dir, path)));
      expect(data.subarray(row * 3072, (row + 1) * 3072)).toEqual(new Uint8Array(stored.data));
    }
  });

  it('refuses more images than the folder has, and one that is not whole, before anything runs', async () => {
    const dir = await folderIn(await tempFolder());
    const asked = [`noise.source={ kind: folder, dir: "${dir}" }`, 'noise.images=31'];
    const error: unknown = await planOf(text, asked).catch((reason: unknown) => reason);
    expect((error as ConfigError).diagnostics.map(({ message }) => message)).toEqual([
      'noise.images is 31, but the folder of noise.source has 30 images',
    ]);
    await rm(join(dir, 'fog/5'), { recursive: true });
    await expect(from(dir)).rejects.toThrow(DataError);
  });
});

describe('noise.frost.textures', () => {
  const frosty = text.replaceAll('fog', 'frost');

  async function photos(): Promise<string> {
    const dir = await tempFolder();
    await writeImage(dir, 'a.png', { height: 200, width: 300 });
    return dir;
  }

  it('enters the key of the environments with frost alone, by the photos', async () => {
    const dir = await photos();
    const plan = await planOf(frosty, [`noise.frost.textures=${dir}`]);
    const [own, made, elsewhere] = [
      keysOf(plan),
      keysOf(await planOf(frosty)),
      keysOf(await planOf(frosty, [`noise.frost.textures=${await photos()}`])),
    ];
    expect(own.get('corrupt/gaussian_noise')).toBe(made.get('corrupt/gaussian_noise'));
    expect(own.get('corrupt/both')).not.toBe(made.get('corrupt/both'));
    expect([...elsewhere]).toEqual([...own]);
    const { photos: digest } = paramsOf(plan, 'corrupt/both') as { photos: string };
    expect(plan.files[digest]).toBe(dir);
  });

  it('makes the frost of the stage and of `patchnas corrupt`; changed photos are refused', async () => {
    const dir = await photos();
    const sets = [`noise.frost.textures=${dir}`];
    const plan = await planOf(frosty, sets);
    const produced = await runPlan(upToNoise(plan), await tempFolder());
    const other = await runPlan(upToNoise(await planOf(frosty)), await tempFolder());
    const images = (from: typeof produced) => from.get('corrupt/both')!.outputs['images.npy'];
    expect(images(produced)).not.toBe(images(other));
    await writeImage(dir, 'a.png', { height: 300, width: 200 });
    await expect(runPlan(upToNoise(plan), await tempFolder())).rejects.toThrow('have changed since');
  });
});

function range(n: number): number[] {
  return [...new Array(n).keys()];
}
