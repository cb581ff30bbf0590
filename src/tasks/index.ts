import type { Entry } from '../core/entry.js';
import { Type } from '../core/type.js';
import type { SelfSupervisedTask } from './task.js';

/** A self-supervised task that scores candidate structures without labels. */
export type TaskEntry = Entry<SelfSupervisedTask>;

const noParams = Type.Object({}, { additionalProperties: false });

/** The tasks: one line each; their order is the order in `patchnas list tasks`. */
export const tasks = [
  {
    name: 'rotation',
    summary: 'Tell by which of four quarter turns an image was rotated',
    source: 'Gidaris et al. 2018; set-up of Liu et al. 2020 (unnas)',
    version: 1,
    params: noParams,
    load: async () => (await import('./rotation.js')).rotation,
  },
  {
    name: 'colorization',
    summary: 'Tell the colour bin of pixels from the grey image',
    source: 'Zhang et al. 2016; set-up of Liu et al. 2020 (unnas), bins limited to those that sRGB reaches',
    version: 1,
    params: noParams,
    load: async () => (await import('./colorization.js')).colorization,
  },
  {
    name: 'jigsaw',
    summary: 'Tell in which order the tiles of an image were shuffled',
    source: 'Noroozi and Favaro 2016; 2x2 set-up of Liu et al. 2020 (unnas) as one mosaic image',
    version: 1,
    params: noParams,
    load: async () => (await import('./jigsaw.js')).jigsaw,
  },
] as const satisfies readonly TaskEntry[];
