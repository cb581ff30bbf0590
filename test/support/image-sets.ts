import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import sharp from 'sharp';

import { Rng } from '../../src/core/rng.js';

/** Pixels that differ from image to image and from place to place: [height, width, channels] bytes. */
export function pixelsOf(name: string, height: number, width: number, channels = 3): Uint8Array {
  const rng = new Rng(1, name);
  const base = Array.from({ length: channels }, () => rng.int(200));
  return Uint8Array.from({ length: height * width * channels }, (_, i) => base[i % channels]! + rng.int(56));
}

export interface ImageSpec {
  readonly height?: number;
  readonly width?: number;
  readonly channels?: 1 | 2 | 3 | 4;
}

/** Writes one PNG or JPEG, as its extension says, below a folder. */
export async function writeImage(
  root: string,
  path: string,
  { height = 6, width = 8, channels = 3 }: ImageSpec = {},
): Promise<void> {
  const raw = { height, width, channels };
  const image = sharp(pixelsOf(path, height, width, channels), { raw });
  const kind = channels < 3 ? image.toColourspace('b-w') : image;
  const bytes = await (/\.png$/i.test(path) ? kind.png() : kind.jpeg({ quality: 90 })).toBuffer();
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), bytes);
}

/** `train` and `test` with the classes leaf and stone, PNG and JPEG, one of them grey, and what is to be ignored. */
export async function writeImageFolder(root: string, size: ImageSpec = {}): Promise<string> {
  for (const [half, count] of [['train', 3] as const, ['test', 2] as const])
    for (const name of ['stone', 'leaf'])
      for (let i = 0; i < count; i++) await writeImage(root, `${half}/${name}/${i}.png`, size);
  await writeImage(root, 'train/leaf/grey.JPG', { ...size, channels: 1 });
  await writeImage(root, 'train/leaf/clear.png', { ...size, channels: 4 });
  await writeFile(join(root, 'train/leaf/notes.txt'), 'not an image');
  await writeFile(join(root, 'train/leaf/._0.png'), 'what another system keeps beside an image');
  return root;
}

/** ROOT/NOISE/SEVERITY/CLASS/FILE in the layout of Tiny-ImageNet-C: the same names everywhere, other pixels. */
export async function writeNoisyFolder(
  root: string,
  noises: readonly string[],
  severities: readonly number[],
  classFolders: readonly string[],
  { perClass = 2, ...spec }: ImageSpec & { readonly perClass?: number } = {},
): Promise<string> {
  for (const noise of noises)
    for (const severity of severities)
      for (const name of classFolders)
        for (let i = 0; i < perClass; i++)
          await writeImage(root, `${noise}/${severity}/${name}/test_${i}.JPEG`, spec);
  return root;
}

/** The published layout in small: three classes, listed out of order, and 8x8 pixels instead of 64x64 unless asked. */
export async function writeTinyImagenet(root: string, side = 8): Promise<string> {
  const wnids = ['n02000002', 'n01000001', 'n03000003'];
  await mkdir(root, { recursive: true });
  await writeFile(join(root, 'wnids.txt'), `${wnids.join('\n')}\n`);
  await writeFile(
    join(root, 'words.txt'),
    'n00000009\tentity\nn01000001\tgoldfish, Carassius auratus\nn02000002\tcrane\nn03000003\tcrane\n',
  );
  const size = { height: side, width: side };
  for (const wnid of wnids) {
    for (let i = 0; i < 3; i++)
      await writeImage(root, `train/${wnid}/images/${wnid}_${i}.JPEG`, {
        ...size,
        channels: i === 1 ? 1 : 3,
      });
    const boxes = [0, 1, 2].map((i) => `${wnid}_${i}.JPEG\t0\t0\t7\t7\n`);
    await writeFile(join(root, `train/${wnid}/${wnid}_boxes.txt`), boxes.join(''));
  }
  const lines: string[] = [];
  for (let i = 0; i < 12; i++) {
    await writeImage(root, `val/images/val_${i}.JPEG`, size);
    lines.push(`val_${i}.JPEG\t${wnids[i % 3]!}\t0\t1\t6\t7\n`);
  }
  await writeFile(join(root, 'val/val_annotations.txt'), lines.join(''));
  await mkdir(join(root, 'test/images'), { recursive: true });
  return root;
}
