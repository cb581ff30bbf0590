import type { Entry } from '../core/entry.js';
import { Type } from '../core/type.js';

/** Where a method's answers come from; `experiment/plan.ts` turns it into tasks. */
export type Recipe =
  | { readonly kind: 'original' }
  /** Another whole network answers. */
  | { readonly kind: 'network' }
  /** The original answers, and for flagged samples the patch. */
  | {
      readonly kind: 'patch';
      readonly structure: 'searched' | 'random';
      readonly flagged: 'gate' | 'always';
    };

/** A compared method or a control: one row of Table 1. */
export type MethodEntry = Omit<Entry<never>, 'load'> & {
  readonly isControl: boolean;
  readonly recipe: Recipe;
};

const none = Type.Object({});

/** The methods: one line each; their order is the order of the rows in the tables. */
export const methods = [
  {
    name: 'patchnas',
    summary: 'The searched patch behind the gate',
    source: 'the PatchNAS paper, Eqs. 1 to 15',
    version: 1,
    params: none,
    isControl: false,
    recipe: { kind: 'patch', structure: 'searched', flagged: 'gate' },
  },
  {
    name: 'original',
    summary: 'Control: the network as it is, nothing done',
    source: 'this project',
    version: 1,
    params: none,
    isControl: true,
    recipe: { kind: 'original' },
  },
  {
    name: 'reseed',
    summary: 'Control: another clean network of the same recipe and another seed, on the same failures',
    source: 'this project',
    version: 1,
    params: none,
    isControl: true,
    recipe: { kind: 'network' },
  },
  {
    name: 'patch-random',
    summary: 'Control: a patch of random structure of like size, trained the same way',
    source: 'this project, after Li and Talwalkar 2019',
    version: 1,
    params: none,
    isControl: true,
    recipe: { kind: 'patch', structure: 'random', flagged: 'gate' },
  },
  {
    name: 'gate-always',
    summary: "Control: patchnas's own patch with every sample sent through it",
    source: 'this project',
    version: 1,
    params: none,
    isControl: true,
    recipe: { kind: 'patch', structure: 'searched', flagged: 'always' },
  },
] as const satisfies readonly MethodEntry[];
