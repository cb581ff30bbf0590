import type { Entry } from '../core/entry.js';
import { Type } from '../core/type.js';

/** A compared method or a control: one row of Table 1. */
export type MethodEntry = Omit<Entry<never>, 'load'>;

const none = Type.Object({});

/** The methods: one line each; their order is the order of the rows in the tables. */
export const methods = [
  {
    name: 'patchnas',
    summary: 'The searched patch behind the gate',
    source: 'the PatchNAS paper, Eqs. 1 to 15',
    version: 1,
    params: none,
  },
  {
    name: 'original',
    summary: 'Control: the network as it is, nothing done',
    source: 'this project',
    version: 1,
    params: none,
  },
  {
    name: 'reseed',
    summary: 'Control: another clean network of the same recipe and another seed, on the same failures',
    source: 'this project',
    version: 1,
    params: none,
  },
  {
    name: 'patch-random',
    summary: 'Control: a patch of random structure of like size, trained the same way',
    source: 'this project, after Li and Talwalkar 2019',
    version: 1,
    params: none,
  },
  {
    name: 'gate-always',
    summary: "Control: patchnas's own patch with every sample sent through it",
    source: 'this project',
    version: 1,
    params: none,
  },
] as const satisfies readonly MethodEntry[];
