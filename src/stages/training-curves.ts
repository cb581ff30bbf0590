import { readFile } from 'node:fs/promises';

import type { StageContext } from '../pipeline/stage.js';
import type { TrainingCurve } from '../report/index.js';
import type { TrainRecord } from './train.js';

/**
 * What the tasks that train something have kept of it: networks and probes a history, patches their losses.
 * @param tasks ids of tasks whose outputs are inputs under the same names
 */
export async function trainingCurves(
  { input }: Pick<StageContext, 'input'>,
  tasks: readonly string[],
): Promise<TrainingCurve[]> {
  const read = async (task: string, file: string): Promise<unknown> =>
    JSON.parse(await readFile(input(task, file), 'utf8'));
  return Promise.all(
    tasks.map(async (task): Promise<TrainingCurve> => {
      const [stage, ...rest] = task.split('/');
      if (stage !== 'train') {
        const of = stage === 'probe' ? 'probes' : 'network';
        const epochs = (await read(task, 'history.json')) as TrainingCurve['epochs'];
        return { of, variant: rest[0], environment: undefined, repeat: undefined, epochs };
      }
      const [environment, repeat, structure] = rest as [string, string, string?];
      const { losses } = (await read(task, 'train.json')) as TrainRecord;
      return {
        of: 'patch',
        variant: structure ?? 'searched',
        environment,
        repeat: Number(repeat.slice(1)),
        epochs: losses.map((loss) => ({ loss })),
      };
    }),
  );
}
