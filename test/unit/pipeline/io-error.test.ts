import { expect, it } from 'vitest';

import { DataError, formatError } from '../../../src/core/errors.js';
import { toStoreError } from '../../../src/pipeline/io-error.js';

const space =
  'Free some space, for example with "patchnas cache gc", or choose another disk with --store DIR.\n  Finished stages are kept; the same command goes on from them.';
const right = 'Give yourself the right to read and write it, or choose another folder with --store DIR.';

it.each([
  ['ENOSPC', `PN601 no space left for the store (ENOSPC)\n  at /store/x\n  ${space}`],
  ['EDQUOT', `PN601 no space left for the store (EDQUOT)\n  at /store/x\n  ${space}`],
  ['EACCES', `PN602 the store cannot be read or written (EACCES)\n  at /store/x\n  ${right}`],
  ['EROFS', `PN602 the store cannot be read or written (EROFS)\n  at /store/x\n  ${right}`],
  [
    'EIO',
    'PN603 the store failed: EIO: it happened\n  at /store/x\n  Look at the path, or choose another folder with --store DIR.',
  ],
])('%s reads so', (code, text) => {
  const error = Object.assign(new Error(`${code}: it happened`), { code, path: '/store/x' });
  expect(formatError(toStoreError(error, '/store'))).toBe(text);
});

it('other errors stay what they are', () => {
  const ours = new DataError('x', { code: 'PN301' });
  const bug = new TypeError('x');
  expect(toStoreError(ours, '/store')).toBe(ours);
  expect(toStoreError(bug, '/store')).toBe(bug);
});
