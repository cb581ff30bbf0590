import { Args, Flags } from '@oclif/core';

/** The argument of every command that reads an experiment file. */
export const configArg = {
  config: Args.string({ required: true, description: 'Experiment file (YAML)' }),
};

/** The flag that lays values over those of the file. */
export const setFlag = {
  set: Flags.string({
    summary: 'Lay a value over the one of the file; may be given many times',
    description:
      'The path is keys with dots between, the value is YAML: --set gate.sigma=1.9 --set "noise.types=[fog]"',
    helpValue: 'PATH=VALUE',
    multiple: true,
    multipleNonGreedy: true,
  }),
};
