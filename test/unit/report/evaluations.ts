import type { Environment, Evaluation, Method } from '../../../src/report/index.js';

/** One sample: base image, severity, label, and the classes of the original and the repaired system. */
export type Row = readonly [
  image: number,
  severity: number,
  label: number,
  original: number,
  repaired: number,
];

export interface Small {
  readonly method?: string;
  readonly environment?: string;
  readonly repeat?: number;
  readonly noisy?: readonly Row[];
  /** Label, original, repaired of each image. */
  readonly clean?: readonly (readonly [label: number, original: number, repaired: number])[];
  readonly flagged?: readonly number[];
  readonly samples?: Evaluation['samples'];
  readonly parameters?: Partial<Evaluation['parameters']>;
}

/** An evaluation from a few rows; every sample is flagged unless `flagged` says otherwise. */
export function evaluation(small: Small = {}): Evaluation {
  const noisy = small.noisy ?? [];
  const clean = small.clean ?? [
    [0, 0, 0],
    [1, 1, 1],
  ];
  return {
    method: small.method ?? 'patchnas',
    environment: small.environment ?? 'fog',
    repeat: small.repeat ?? 0,
    noisy: {
      baseImage: Uint32Array.from(noisy, (row) => row[0]),
      severity: Uint8Array.from(noisy, (row) => row[1]),
      label: Uint8Array.from(noisy, (row) => row[2]),
      original: Uint8Array.from(noisy, (row) => row[3]),
      repaired: Uint8Array.from(noisy, (row) => row[4]),
      flagged: Uint8Array.from(small.flagged ?? noisy.map(() => 1)),
    },
    clean: {
      label: Uint8Array.from(clean, (row) => row[0]),
      original: Uint8Array.from(clean, (row) => row[1]),
      repaired: Uint8Array.from(clean, (row) => row[2]),
      flagged: Uint8Array.from(clean, () => 1),
    },
    parameters: {
      original: 1000,
      probesAndGate: 0,
      patch: 0,
      buffers: 0,
      trained: 0,
      transferred: 0,
      ...small.parameters,
    },
    samples: small.samples ?? { failures: 0, triggered: 0, trainingSet: 50000 },
  };
}

export function method(name: string, isControl = false): Method {
  return { name, isControl, usesSearch: name === 'patchnas', summary: `what ${name} is` };
}

export function environment(...noises: string[]): Environment {
  return { name: noises.length === 1 ? noises[0]! : noises.join('+'), noises };
}
