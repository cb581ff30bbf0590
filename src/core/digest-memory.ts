import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { forEachAtOnce } from './at-once.js';
import { writeFileAtomic } from './atomic-fs.js';
import { canonicalJson } from './canonical-json.js';
import { sha256, sha256File } from './digest.js';

/** A file that changed so shortly before it was read may have changed again within one tick of the clock. */
const settledMs = 2000;

/**
 * Remembers from one command to the next what digest files had, so that many or large ones are read once and then
 * only looked at. Files are the same as long as none has another path, size, inode, or time of its last change of
 * content or of anything else; the last of these no program can set.
 */
export class DigestMemory {
  /** @param folder made when it is needed; without one nothing is remembered */
  constructor(private readonly folder?: string) {}

  /**
   * What `compute` gives, or what it gave when these files were as they are now.
   * @param purpose tells apart different digests of the same files
   * @param paths of all files that it reads
   */
  async recall(purpose: string, paths: readonly string[], compute: () => Promise<string>): Promise<string> {
    if (this.folder === undefined) return compute();
    const before = await look(paths);
    if (before === undefined) return compute();
    const path = join(this.folder, sha256(canonicalJson([purpose, before.marks])));
    const known = await readFile(path, 'utf8').catch(() => undefined);
    if (known !== undefined && /^[0-9a-f]{64}$/.test(known)) return known;
    const digest = await compute();
    const after = await look(paths);
    const isSettled = before.newestMs < before.nowMs - settledMs;
    if (isSettled && after?.marks === before.marks) await this.keep(path, digest);
    return digest;
  }

  /** SHA-256 of a file. */
  ofFile(path: string): Promise<string> {
    return this.recall('file', [path], () => sha256File(path));
  }

  /** A folder that cannot be written costs time and nothing else. */
  private async keep(path: string, digest: string): Promise<void> {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFileAtomic(path, digest);
    } catch {
      return;
    }
  }
}

/** The memory of all commands that use this cache. */
export function digestMemoryIn(cacheDir: string): DigestMemory {
  return new DigestMemory(join(cacheDir, 'digests'));
}

interface Look {
  /** SHA-256 over what tells whether files are the same. */
  readonly marks: string;
  /** When the last of them changed, and when that was looked at. */
  readonly newestMs: number;
  readonly nowMs: number;
}

/** Undefined where one of the files cannot be looked at: whoever reads it says what is wrong. */
async function look(paths: readonly string[]): Promise<Look | undefined> {
  const nowMs = Date.now();
  const marks = new Array<string>(paths.length);
  let newestMs = 0;
  try {
    await forEachAtOnce(paths, async (path, i) => {
      const { size, ino, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
      marks[i] = `${path}\n${size} ${ino} ${mtimeNs} ${ctimeNs}`;
      newestMs = Math.max(newestMs, Number(ctimeNs / 1_000_000n));
    });
  } catch {
    return undefined;
  }
  return { marks: sha256(marks.join('\n')), newestMs, nowMs };
}
