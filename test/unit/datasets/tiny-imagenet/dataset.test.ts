import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError, formatError } from '../../../../src/core/errors.js';
import { tinyImagenet } from '../../../../src/datasets/tiny-imagenet/dataset.js';
import { writeTinyImagenet } from '../../../support/image-sets.js';
import { tempFolder } from '../../../support/temp-folder.js';

async function whatIsSaid(root: string, work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof DataError)) throw new Error('no DataError', { cause: error });
  return formatError(error)
    .replaceAll(root, '<root>')
    .replaceAll(/\d+ bytes/g, '<n> bytes');
}

describe('tiny-imagenet', () => {
  it('labels by the sorted wnids and names classes by words.txt', async () => {
    const root = await writeTinyImagenet(await tempFolder());
    const { train, test, classes } = await tinyImagenet.read(root, { root });
    expect(classes).toEqual(['goldfish', 'crane (n02000002)', 'crane (n03000003)']);
    expect([...train.labels]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
    expect(test.images.shape).toEqual([12, 8, 8, 3]);
    // val_0, val_1, val_10, val_11, val_2, …: sorted as texts
    expect([...test.labels]).toEqual([1, 0, 0, 2, 2, 1, 0, 2, 1, 0, 2, 1]);
    const grey = train.images.data.subarray(192, 384);
    expect(grey.every((value, i) => value === grey[i - (i % 3)])).toBe(true);
  });

  it('names classes by wnid without words.txt', async () => {
    const root = await writeTinyImagenet(await tempFolder());
    await rm(join(root, 'words.txt'));
    expect((await tinyImagenet.read(root, { root })).classes).toEqual([
      'n01000001',
      'n02000002',
      'n03000003',
    ]);
  });

  it('has another digest when a label of the test half changes', async () => {
    const root = await writeTinyImagenet(await tempFolder());
    const digest = await tinyImagenet.digest({ root });
    await writeFile(join(root, 'words.txt'), 'n01000001\tgold fish\n');
    expect(await tinyImagenet.digest({ root })).not.toBe(digest);
  });

  it('names everything that is missing or says another thing', async () => {
    const root = await writeTinyImagenet(await tempFolder());
    await rm(join(root, 'train/n01000001/images/n01000001_2.JPEG'));
    await rm(join(root, 'train/n02000002'), { recursive: true });
    await rm(join(root, 'val/images/val_3.JPEG'));
    await appendFile(
      join(root, 'val/val_annotations.txt'),
      'val_0.JPEG\tn01000001\t0\t0\t1\t1\nval_1.JPEG\tn99\t0\t0\t1\t1\n',
    );
    await writeFile(join(root, 'val/images/val_77.JPEG'), '');
    expect(await whatIsSaid(root, tinyImagenet.shape({ root }))).toMatchInlineSnapshot(`
      "PN349 this is not a whole folder tiny-imagenet-200
        train/n01000001/images/n01000001_2.JPEG: missing, but in n01000001_boxes.txt
        train/n02000002/images: no such folder
        val/val_annotations.txt:4: val/images/val_3.JPEG is missing
        val/val_annotations.txt:13: val_0.JPEG a second time
        val/val_annotations.txt:14: "n99" is not in wnids.txt
        val/images/val_77.JPEG: no class in val_annotations.txt
        at <root>
        Unpack tiny-imagenet-200.zip (MD5 90528d7ca1a48142e341f4ef8d21d0de) again, and name the folder that holds wnids.txt."
    `);
  });

  it('says what it is not', async () => {
    const root = await tempFolder();
    expect(await whatIsSaid(root, tinyImagenet.shape({ root }))).toMatchInlineSnapshot(`
      "PN349 this is not a whole folder tiny-imagenet-200
        wnids.txt: missing or empty
        val/images: no such folder
        val/val_annotations.txt: no such file
        at <root>
        Unpack tiny-imagenet-200.zip (MD5 90528d7ca1a48142e341f4ef8d21d0de) again, and name the folder that holds wnids.txt."
    `);
  });

  it('names a truncated JPEG', async () => {
    const root = await writeTinyImagenet(await tempFolder());
    const path = join(root, 'val/images/val_5.JPEG');
    await truncate(path, (await readFile(path)).length - 40);
    expect(await whatIsSaid(root, tinyImagenet.read(root, { root }))).toMatchInlineSnapshot(`
      "PN345 1 file cannot be read
        val/images/val_5.JPEG: truncated or damaged, <n> bytes
        at <root>
        Copy these files again from where they came, or remove them."
    `);
  });
});
