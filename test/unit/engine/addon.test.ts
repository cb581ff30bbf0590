import { expect, test } from 'vitest';

import { compileAddon } from '../../../src/engine/addon.js';
import { tempFolder } from '../../support/temp-folder.js';

test('sources that do not compile are reported with what the compiler said', async () => {
  await expect(compileAddon(await tempFolder())).rejects.toMatchObject({
    code: 'PN406',
    message: expect.stringMatching(/^the addon does not compile:\n[^]*tfjs_backend\.cc/) as string,
    fix: 'It needs g++ 8 or later (C++17).',
  });
});
