import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { publishFolder, writeFileAtomic } from '../core/atomic-fs.js';
import { sha256File } from '../core/digest.js';
import { StageError, StoreError } from '../core/errors.js';
import { version } from '../core/version.js';
import { guardStore } from './io-error.js';
import type { Address } from './key.js';
import type { Claim } from './lock.js';
import { type OutputFile, recordFile, type StageRecord } from './record.js';

/** What the record says about how it was made. */
export interface Making {
  readonly task: string;
  /** File names that must be there, and no others. */
  readonly outputs: readonly string[];
  readonly wallMs: number;
  readonly peakBytes: number;
}

/** Outputs on their way into the store: a temporary folder that is published whole or thrown away. */
export class Draft {
  constructor(
    private readonly address: Address,
    readonly folder: string,
    private readonly target: string,
    private readonly claim: Claim,
  ) {}

  /**
   * Checks the outputs, writes the record and gives the folder its final name.
   * @throws {StageError} PN504 when outputs are missing or strange files lie beside them
   * @throws {StoreError} PN601 to PN604
   */
  async publish(making: Making): Promise<StageRecord> {
    await this.checkFiles(making);
    return guardStore(this.target, async () => {
      const record: StageRecord = {
        format: 1,
        stage: this.address.stage,
        key: this.address.key,
        task: making.task,
        hashed: this.address.text,
        versions: { patchnas: version, node: process.versions.node },
        finishedAt: new Date().toISOString(),
        wallMs: Math.round(making.wallMs),
        peakBytes: making.peakBytes,
        outputs: await Promise.all([...making.outputs].sort().map((file) => describe(this.folder, file))),
      };
      await writeFileAtomic(join(this.folder, recordFile), `${JSON.stringify(record, null, 2)}\n`);
      await mkdir(dirname(this.target), { recursive: true });
      if (!(await this.claim.isHeld())) throw lostClaim(this.target);
      await publishFolder(this.folder, this.target);
      return record;
    });
  }

  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private async checkFiles({ task, outputs }: Making): Promise<void> {
    const found = await readdir(this.folder);
    const missing = outputs.filter((file) => !found.includes(file));
    const strange = found.filter((file) => !outputs.includes(file));
    if (missing.length + strange.length === 0) return;
    const problem =
      missing.length > 0
        ? `ended without writing ${missing.join(', ')}`
        : `wrote ${strange.join(', ')}, not declared as an output`;
    throw new StageError(`stage ${this.address.stage} ${problem}`, {
      code: 'PN504',
      where: `task ${task}`,
      fix: `Its outputs are ${outputs.join(', ')}: correct the stage or its declaration.`,
    });
  }
}

async function describe(folder: string, file: string): Promise<OutputFile> {
  const path = join(folder, file);
  return { file, bytes: (await stat(path)).size, sha256: await sha256File(path) };
}

/** Another host took us for dead: our work is not published. */
function lostClaim(path: string): StoreError {
  return new StoreError('another host took over this key while we were working on it', {
    code: 'PN604',
    where: path,
    fix: 'This happens after a machine was suspended or cut off. Run the same command again.',
  });
}
