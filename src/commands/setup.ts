import { resolve } from 'node:path';

import { Flags } from '@oclif/core';

import { adoptEngine } from '../engine/adopt.js';
import type { InstalledEngine } from '../engine/engines.js';
import { installEngine } from '../engine/install.js';
import { BaseCommand } from '../ui/base-command.js';

export default class Setup extends BaseCommand<typeof Setup> {
  static override summary = 'Make the TensorFlow engine of this machine, unless it is there already';
  static override description =
    'Fetches tf.js with npm and TensorFlow with pip, checks every byte, compiles the addon between them and tries every kernel. It lies in a folder of its own in the cache. "run" does the same by itself.';
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --device cpu',
    '<%= config.bin %> <%= command.id %> --from ~/my-tfjs',
  ];
  static override flags = {
    device: Flags.option({ options: ['auto', 'cpu', 'gpu'] as const })({
      default: 'auto' as const,
      summary: 'For which device; auto: the GPU where an NVIDIA driver shows one',
    }),
    offline: Flags.boolean({ summary: 'Download nothing: say what is missing' }),
    from: Flags.directory({
      summary: 'A folder with the official @tensorflow/tfjs-node or -gpu in it, to use as it is',
      exclusive: ['device', 'offline'],
      exists: true,
    }),
  };

  async run(): Promise<InstalledEngine> {
    const { device, offline, from } = this.flags;
    const { cacheDir, signal } = this;
    const engine = await this.reporting((emit) =>
      from === undefined
        ? installEngine({ cacheDir, device, evenWithoutCard: true, offline, emit, signal })
        : adoptEngine(cacheDir, resolve(from), signal),
    );
    const { id, record, dir } = engine;
    this.print(
      `TensorFlow ${id.tensorflow} under tf.js ${record.tfjs}, for ${id.device} (${id.instructionSet})\n${dir}`,
    );
    return engine;
  }
}
