import { resolve } from 'node:path';

import { Flags } from '@oclif/core';

import { exportNetwork, type ExportedNetwork } from '../experiment/export-network.js';
import { loadExperiment } from '../experiment/load.js';
import { Store } from '../pipeline/store.js';
import { BaseCommand } from '../ui/base-command.js';
import { configArg, setFlag } from '../ui/experiment-args.js';
import { formatBytes } from '../ui/format.js';
import { keysOf } from './plan.js';

export default class Export extends BaseCommand<typeof Export> {
  static override summary = 'Write the network of an experiment to a .safetensors file that PyTorch loads';
  static override description =
    "The clean network, trained here or taken from weights of any form, as the store has it. Tensors have the names, shapes and order of axes of PyTorch; what the network is and how its images are normalised stands in the file's metadata.";
  static override examples = [
    '<%= config.bin %> <%= command.id %> configs/quickstart.yaml --out network.safetensors',
  ];
  static override args = configArg;
  static override flags = {
    ...setFlag,
    out: Flags.string({ required: true, helpValue: 'FILE', summary: 'The file; it must not be there yet' }),
  };

  async run(): Promise<ExportedNetwork> {
    const { config } = this.args;
    const { out } = this.flags;
    const experiment = await loadExperiment(config, this.flags.set ?? []);
    const tasks = await keysOf(experiment, this.cacheDir);
    const made = await exportNetwork(tasks, new Store(this.storeDir), resolve(out), config);
    const { mean, std } = made.normalisation;
    this.print(
      [
        `${out}: ${experiment.network.name}, ${made.tensors} tensors, ${made.classes} classes, ${formatBytes(made.sizeBytes)}`,
        `Images: [n, 3, height, width] from 0 to 1, less the mean [${mean.join(', ')}], divided by [${std.join(', ')}]`,
        `In Python: model.load_state_dict(safetensors.torch.load_file('${out}'))`,
      ].join('\n'),
    );
    return made;
  }
}
