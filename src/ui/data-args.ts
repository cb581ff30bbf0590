import { Flags } from '@oclif/core';

/** Flags of the commands that read a data set and put noises on its test images. */
export const dataFlags = {
  from: Flags.string({
    helpValue: 'DIR',
    summary: 'A folder that holds the data set; nothing is downloaded',
  }),
  offline: Flags.boolean({ summary: 'Download nothing: fail when the data set is missing' }),
};

/** The flag that chooses noises. @param names that it may have, one of which stands for all */
export function noiseFlag(names: readonly string[]) {
  return Flags.option({ options: names })({
    multiple: true,
    multipleNonGreedy: true,
    summary: 'Which noise; may stand several times. Default: all',
  });
}
