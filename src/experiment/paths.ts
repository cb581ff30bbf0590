import type { Plain } from './read.js';
import type { Path } from './source.js';

interface PathKey {
  readonly path: Path;
  readonly kind: 'file' | 'folder';
}

/** Where an experiment names files and folders: written relative to the file, absolute once it is loaded. */
export const pathKeys: readonly PathKey[] = [
  { path: ['dataset', 'root'], kind: 'folder' },
  { path: ['network', 'weights'], kind: 'file' },
  { path: ['network', 'reseed'], kind: 'file' },
  { path: ['noise', 'source', 'dir'], kind: 'folder' },
  { path: ['noise', 'frost', 'textures'], kind: 'folder' },
  { path: ['baseline', 'deeprepair', 'encoder'], kind: 'file' },
  { path: ['baseline', 'deeprepair', 'decoder'], kind: 'file' },
];

/** Replaces the written paths by what `change` gives. @param experiment changed in place */
export function changePaths(experiment: object, change: (written: string, key: PathKey) => string): void {
  for (const key of pathKeys) {
    let holder: unknown = experiment;
    for (const part of key.path.slice(0, -1)) holder = (holder as Plain | undefined)?.[part];
    const last = String(key.path.at(-1));
    const written = (holder as Plain | undefined)?.[last];
    if (typeof written === 'string') (holder as Plain)[last] = change(written, key);
  }
}
