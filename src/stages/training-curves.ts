import { readFile } from 'node:fs/promises';

import type { StageContext } from '../pipeline/stage.js';
import type { TrainingCurve } from '../report/index.js';
import type { TrainRecord } from './train.js';

/**
 * What the tasks that train something have kept of it: patches their losses, all others a history.
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
      if (stage === 'train') {
        const [environment, repeat, structure] = rest as [string, string, string?];
        const { losses } = (await read(task, 'train.json')) as TrainRecord;
        const epochs = losses.map((loss) => ({ loss }));
        return { of: 'patch', variant: structure ?? 'searched', ...placeOf(environment, repeat), epochs };
      }
      const epochs = (await read(task, 'history.json')) as TrainingCurve['epochs'];
      if (stage === 'baseline' || stage === 'add-on') {
        const [method, environment, repeat] = rest as [string, string, string];
        return { of: stage, variant: method, ...placeOf(environment, repeat), epochs };
      }
      const of = stage === 'probe' ? 'probes' : 'network';
      return { of, variant: rest[0], environment: undefined, repeat: undefined, epochs };
    }),
  );
}

/** @param repeat `r0` */
function placeOf(environment: string, repeat: string): { environment: string; repeat: number } {
  return { environment, repeat: Number(repeat.slice(1)) };
}
