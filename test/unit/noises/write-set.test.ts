import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, expect, it } from 'vitest';

import { sha256 } from '../../../src/core/digest.js';
import { formatError } from '../../../src/core/errors.js';
import { readNpy } from '../../../src/core/npy.js';
import { Rng } from '../../../src/core/rng.js';
import { corruptImages } from '../../../src/noises/corrupt.js';
import { openNoise } from '../../../src/noises/index.js';
import { madeHere } from '../../../src/noises/made-here.js';
import { sampleImages } from '../../../src/noises/measure.js';
import { OwnThread } from '../../../src/noises/own-thread.js';
import { writeSet, type SetRequest, type WrittenFile } from '../../../src/noises/write-set.js';
import { tempFolder } from '../../support/temp-folder.js';

const images = sampleImages(4, 8);
const rng = new Rng(4, 'corrupt');
const request: SetRequest = {
  source: madeHere({ images, labels: Uint8Array.of(7, 0, 1, 255) }, () => new OwnThread()),
  environments: ofNoises('contrast', 'gaussian_noise'),
  severities: [2, 3],
  indices: Uint32Array.of(0, 1, 3),
  rng,
  force: false,
  signal: new AbortController().signal,
  onProgress: () => undefined,
};
let folder: string;

beforeEach(async () => {
  folder = join(await tempFolder(), 'a', 'set');
});

function ofNoises(...names: string[]): SetRequest['environments'] {
  return names.map((name) => ({ name, noises: [name] }));
}

function write(changes: Partial<SetRequest> = {}): Promise<WrittenFile[]> {
  return writeSet(folder, { ...request, ...changes });
}

/** The text of the refusal, and that it left the folder as it was. */
async function refusal(changes: Partial<SetRequest>): Promise<string> {
  const before = await readdir(folder);
  const error = await write(changes).then(
    () => expect.fail('it was not refused'),
    (reason: unknown) => reason,
  );
  expect(await readdir(folder)).toEqual(before);
  return formatError(error);
}

it('writes a file for each environment, and the labels once for each severity', async () => {
  const told: [string, number, number][] = [];
  const written = await write({ onProgress: (...progress) => told.push(progress) });
  expect(await readdir(folder)).toEqual(['contrast.npy', 'gaussian_noise.npy', 'labels.npy']);
  for (const { name, sizeBytes, sha256: digest } of written) {
    const bytes = await readFile(join(folder, name));
    expect([sizeBytes, digest]).toEqual([bytes.length, sha256(bytes)]);
  }
  expect((await readNpy(join(folder, 'labels.npy'))).data).toEqual(Uint8Array.of(7, 0, 255, 7, 0, 255));
  const { shape, data } = await readNpy<Uint8Array>(join(folder, 'gaussian_noise.npy'));
  expect(shape).toEqual([6, 8, 8, 3]);
  const noise = await openNoise('gaussian_noise');
  const bytes = (from: number, to: number): Uint8Array => images.data.subarray(from * 192, to * 192);
  const chosen = { shape: [3, 8, 8, 3], data: Buffer.concat([bytes(0, 2), bytes(3, 4)]) };
  const expected = corruptImages({ noise, severity: 3, images: chosen, indices: [0, 1, 3], rng });
  expect(data.slice(3 * 192)).toEqual(expected);
  expect(told.at(-1)).toEqual(['gaussian_noise', 6, 6]);
});

it('adds noises where the labels agree', async () => {
  await write({ environments: ofNoises('contrast') });
  await write({ environments: ofNoises('fog') });
  expect(await readdir(folder)).toEqual(['contrast.npy', 'fog.npy', 'labels.npy']);
});

it('refuses to replace files', async () => {
  await write();
  expect(await refusal({ environments: ofNoises('fog', 'contrast') })).toBe(
    `PN293 there are such files already: contrast.npy\n  at ${folder}\n  Choose another folder, leave these noises out, or replace the files with --force.`,
  );
});

it('refuses to add noises of other images or severities', async () => {
  await write();
  expect(await refusal({ environments: ofNoises('fog'), severities: [2] })).toBe(
    `PN293 there are such files already: labels.npy\n  at ${folder}\n  The labels there belong to other images or severities: choose another folder, or replace all its files with --force.`,
  );
});

it('replaces files when told to', async () => {
  const before = await write();
  const after = await write({ force: true, severities: [5], rng: new Rng(5, 'corrupt') });
  expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
  expect(after.map(({ sha256: digest }) => digest)).not.toEqual(before.map(({ sha256: digest }) => digest));
  expect((await readNpy(join(folder, 'contrast.npy'))).shape).toEqual([3, 8, 8, 3]);
});

it('leaves what was there when it is stopped after a file', async () => {
  await write();
  const stop = new AbortController();
  const stopped = await refusal({
    force: true,
    severities: [1],
    signal: stop.signal,
    onProgress: (noise) => {
      if (noise === 'gaussian_noise') stop.abort();
    },
  });
  expect(stopped).toBe('This operation was aborted');
  expect((await readNpy(join(folder, 'contrast.npy'))).shape).toEqual([6, 8, 8, 3]);
});

it('says why the folder cannot be written', async () => {
  const parent = await tempFolder();
  folder = join(parent, 'file', 'set');
  await writeFile(join(parent, 'file'), '');
  const error = await write().catch((reason: unknown) => reason);
  expect(formatError(error)).toBe(
    `PN363 the corrupted images cannot be written: a file stands where a folder must be\n  at ${folder}\n  Make room or give access, or choose another folder.`,
  );
});
