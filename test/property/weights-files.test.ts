import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { DataError } from '../../src/core/errors.js';
import { unpickle } from '../../src/core/pickle/unpickle.js';
import { pytorchGlobals, storageOf } from '../../src/core/pytorch/globals.js';
import { Rng } from '../../src/core/rng.js';
import { readWeights } from '../../src/core/weights-file.js';
import { ZipFile } from '../../src/core/zip.js';
import { mutated } from '../support/mutations.js';
import { tempFolder } from '../support/temp-folder.js';

const folder = 'test/golden/pytorch-files';

/** Whether it was read; anything but a result or a DataError fails the test. */
async function isRead(work: () => unknown, seed: string): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof DataError)) throw new Error(`${seed} throws something else`, { cause: error });
    return false;
  }
}

describe('damaged bytes are read or refused with a place and a cure, and never anything else', () => {
  it('in a pickle of tensors', async () => {
    const zip = await ZipFile.open(`${folder}/formats-protocol-2.pt`);
    const pickle = await zip.read('formats-protocol-2/data.pkl');
    await zip.close();
    const rules = { path: 'x', fix: '', globals: pytorchGlobals, persistent: storageOf };
    let refused = 0;
    for (let seed = 0; seed < 2000; seed++) {
      const bytes = mutated(pickle, new Rng(seed, 'pickle'));
      if (!(await isRead(() => unpickle(bytes, rules), `seed ${seed}`))) refused++;
    }
    expect(refused).toBeGreaterThan(500);
    expect(refused).toBeLessThan(2000);
  });

  it.each(['formats-protocol-2.pt', 'views.pt', 'half.safetensors'])('in %s', async (file) => {
    const bytes = await readFile(`${folder}/${file}`);
    const path = join(await tempFolder(), file);
    let refused = 0;
    for (let seed = 0; seed < 200; seed++) {
      await writeFile(path, mutated(bytes, new Rng(seed, file)));
      if (!(await isRead(() => readWeights(path), `seed ${seed}`))) refused++;
    }
    expect(refused).toBeGreaterThan(30);
  });
});
