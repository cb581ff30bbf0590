import type { Severity } from './noise.js';

/** A piece of work that crosses to a worker thread. */
export interface Piece {
  readonly noise: string;
  /** Of the noise's entry; they must have passed its schema. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly severity: Severity;
  /** [n, height, width, 3] bytes; they move to the worker and are gone here. */
  readonly images: Uint8Array<ArrayBuffer>;
  readonly shape: readonly number[];
  /** [n] the number of each image in its data set. */
  readonly indices: Uint32Array;
  /** Of the root stream. */
  readonly seed: number;
  readonly stream: string;
}

/** What comes back: the corrupted bytes, or an error that a person can mend. */
export type Reply =
  | { readonly type: 'done'; readonly bytes: Uint8Array }
  | {
      readonly type: 'refused';
      readonly message: string;
      readonly code: string;
      readonly where: string | undefined;
      readonly fix: string | undefined;
    };
