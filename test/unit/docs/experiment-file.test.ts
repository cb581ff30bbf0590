import { expect, it } from 'vitest';

import { allKeys, experimentPage, fromPaper } from '../../support/docs/experiment-page.js';

it('docs/experiment-file.md tells the schema as it is', async () => {
  await expect(await experimentPage()).toMatchFileSnapshot('../../../docs/experiment-file.md');
});

it('what is said to be from the paper are keys with a default', () => {
  const withDefault = allKeys().filter(({ node }) => node.default !== undefined);
  expect(fromPaper.filter((path) => !withDefault.some((key) => key.path === path))).toEqual([]);
});
