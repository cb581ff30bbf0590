import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../../src/core/errors.js';
import { listNoisyFolder } from '../../../../src/datasets/noisy-folder/list.js';
import { writeImage, writeNoisyFolder } from '../../../support/image-sets.js';
import { tempFolder } from '../../../support/temp-folder.js';

const noises = ['fog', 'frost'];
const classes = ['n02', 'n01']; // the labels' order, which is not that of the names

async function whatIsSaid(root: string): Promise<string> {
  const error: unknown = await listNoisyFolder(root, noises, [1, 5], classes).catch(
    (reason: unknown) => reason,
  );
  if (!(error instanceof DataError)) throw new Error('no DataError', { cause: error });
  return formatError(error).replaceAll(root, '<root>');
}

describe('a folder like Tiny-ImageNet-C', () => {
  it('has the labels of its class folders, and only what is asked for', async () => {
    const root = await writeNoisyFolder(await tempFolder(), noises, [1, 5], classes);
    await mkdir(join(root, 'spatter'));
    await writeFile(join(root, 'fog/1/n01/notes.txt'), 'not an image');
    const { images, labels, leftOut } = await listNoisyFolder(root, noises, [1, 5], classes);
    expect(images).toEqual(['n02/test_0.JPEG', 'n02/test_1.JPEG', 'n01/test_0.JPEG', 'n01/test_1.JPEG']);
    expect([...labels]).toEqual([0, 0, 1, 1]);
    expect(leftOut).toEqual([]);
  });

  it('leaves out folders of other classes, and says so, as in the published frost with 1,000 of them', async () => {
    const root = await writeNoisyFolder(await tempFolder(), noises, [1, 5], classes);
    for (let i = 10; i < 810; i++) await mkdir(join(root, `frost/5/n${i}`));
    const { images, leftOut } = await listNoisyFolder(root, noises, [1, 5], classes);
    expect(images).toHaveLength(4);
    expect(leftOut).toEqual(['frost/5: 800 folders that are no class of the data set']);
  });

  it('names everything that is missing, empty or another image', async () => {
    const root = await writeNoisyFolder(await tempFolder(), ['fog'], [1, 5], classes);
    expect(await whatIsSaid(root)).toMatchInlineSnapshot(`
      "PN318 the noisy images are not all there, the same ones at every severity of every noise
        frost: no such folder
        at <root>
        It must hold NOISE/SEVERITY/CLASS/*.JPEG (or .jpg, .png), as Tiny-ImageNet-C does once the tar inside its tar is
        unpacked too. Name the folder that holds the noises, copy again what is missing, or leave out these noises."
    `);
    await writeNoisyFolder(root, ['frost'], [1], classes, { perClass: 3 });
    await rm(join(root, 'fog/5/n01'), { recursive: true });
    await rm(join(root, 'fog/5/n02/test_0.JPEG'));
    await rename(join(root, 'frost/1/n01/test_1.JPEG'), join(root, 'frost/1/n01/other.JPEG'));
    await rm(join(root, 'frost/1/n01/test_2.JPEG'));
    await rm(join(root, 'frost/1/n02'), { recursive: true });
    await mkdir(join(root, 'frost/1/n02'));
    expect(await whatIsSaid(root)).toMatchInlineSnapshot(`
      "PN318 the noisy images are not all there, the same ones at every severity of every noise
        fog/5/n02: other names than in fog/1/n02 (1 and 2 images)
        fog/5/n01: no such folder
        frost/1/n02: no image in this folder
        frost/1/n01: other names than in fog/1/n01 (2 and 2 images)
        frost/5: no such folder
        at <root>
        It must hold NOISE/SEVERITY/CLASS/*.JPEG (or .jpg, .png), as Tiny-ImageNet-C does once the tar inside its tar is
        unpacked too. Name the folder that holds the noises, copy again what is missing, or leave out these noises."
    `);
  });

  it('is not the folder that the outer tar gives', async () => {
    const root = await tempFolder();
    await writeFile(join(root, 'Tiny-ImageNet-C.tar'), '');
    await writeImage(root, 'readme.png');
    expect((await whatIsSaid(root)).split('\n').slice(0, 3)).toEqual([
      'PN318 the noisy images are not all there, the same ones at every severity of every noise',
      '  fog: no such folder',
      '  frost: no such folder',
    ]);
  });
});
