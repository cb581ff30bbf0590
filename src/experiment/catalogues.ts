import { methods } from '../baselines/index.js';
import type { Entry } from '../core/entry.js';
import { datasets } from '../datasets/index.js';
import { networks } from '../networks/index.js';
import { noises } from '../noises/index.js';
import { tasks } from '../tasks/index.js';

/** What an entry declares of itself, without its code. */
export type Declaration = Pick<Entry<unknown>, 'name' | 'summary' | 'source' | 'version' | 'params'>;

/** Everything that an experiment file can name. */
export const catalogues = { networks, noises, tasks, methods, datasets } as const satisfies Record<
  string,
  readonly Declaration[]
>;
export type CatalogueName = keyof typeof catalogues;
export const catalogueNames = Object.keys(catalogues) as CatalogueName[];

/** Those whose parameters an experiment file sets, beside the name; of the others it lists names. */
export const withParams: readonly CatalogueName[] = ['networks', 'datasets'];
