import type { DigestMemory } from '../core/digest-memory.js';
import type { Entry } from '../core/entry.js';
import type { Emit } from '../core/events.js';
import type { NdArray } from '../core/npy.js';

/** Images with their classes. */
export interface LabelledImages {
  /** [n, height, width, 3] bytes, RGB. */
  readonly images: NdArray<Uint8Array>;
  /** [n], each below the number of classes. */
  readonly labels: Uint8Array;
}

/** What a data set holds once it is read. */
export interface DatasetContent {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
}

/** How to get a data set that is not in the cache. Nothing here changes its bytes. */
export interface EnsureOptions {
  readonly cacheDir: string;
  /** A folder that already holds the data set in its published form, or its `root`; then nothing is fetched. */
  readonly from?: string;
  /** Forbids fetching. */
  readonly offline: boolean;
  /** Checks digests of what is in the cache, not only sizes. */
  readonly thorough?: boolean;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** One file, or one computed array, beside what it should be. */
export interface FileCheck {
  readonly name: string;
  readonly expected: { readonly sizeBytes: number; readonly sha256: string };
  /** Undefined where it is missing; without a digest where only sizes were compared. */
  readonly found: { readonly sizeBytes: number; readonly sha256: string | undefined } | undefined;
  readonly ok: boolean;
}

export type DatasetParams = Readonly<Record<string, unknown>>;

/** What is known of a data set before it is read. */
export interface DatasetShape {
  readonly train: number;
  readonly test: number;
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  /** What a folder of images of each class is named, in the order of the labels. */
  readonly classFolders: readonly string[];
  /** Drawings in the form of a published data set: whatever shows results of them says so. */
  readonly isSynthetic?: boolean;
}

/**
 * The code of one data set. Parameters must have passed the entry's schema. One with a parameter `root` stands in
 * that folder of the person's own: its folder is `root` and never in the cache.
 */
export interface Dataset {
  /** For people, such as "139 MB to fetch, 184 MB on disk". */
  readonly sizeText: string;
  /** @throws {DataError} PN344, PN345, PN348, PN349 for a `root` that does not hold what it must */
  shape(params: DatasetParams): Promise<DatasetShape>;
  /** Where it stands in that cache, or would; empty for one that is made when it is read, or has a `root`. */
  locate(cacheDir: string, params: DatasetParams): string;
  /**
   * The same; where it is not there whole undefined, or empty when nothing has to be fetched to make it. Looks at
   * sizes only.
   */
  find(cacheDir: string, params: DatasetParams): Promise<string | undefined>;
  /** Its folder, fetched or made first where that is needed. @throws {DataError} PN330 to PN337, PN341 */
  ensure(options: EnsureOptions, params: DatasetParams): Promise<string>;
  /** Every file of that folder, checked by digest. The folder need not be there. */
  verify(folder: string): Promise<readonly FileCheck[]>;
  /**
   * Reads it all and checks digests on the way. A `root` of the parameters is not looked at.
   * @param digest what `digest` gave when the work was planned, for files that no pin protects from changes
   * @throws {DataError} PN331, PN344 to PN349
   */
  read(folder: string, params: DatasetParams, digest?: string): Promise<DatasetContent>;
  /**
   * Names the bytes that `read` gives with these parameters. It needs no file, so that keys exist before a fetch;
   * only where there is a `root` it reads every file there that `memory` does not know.
   */
  digest(params: DatasetParams, memory?: DigestMemory): Promise<string>;
}

export type DatasetEntry = Entry<Dataset>;
