import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Bytes in all files below a folder, links not followed; 0 where there is no such folder. Files may come and go
 * meanwhile, so that the download of another process can be watched.
 */
export async function treeSize(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let total = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const stats = await lstat(join(entry.parentPath, entry.name)).catch(() => undefined);
    total += stats?.size ?? 0;
  }
  return total;
}
