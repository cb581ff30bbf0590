import { expect, test } from 'vitest';

import { markup } from '../../../src/report/markup.js';

test('texts are escaped, pieces of markup are not, and nothing leaves nothing', () => {
  const text = `<a href="x">'&`;
  const pieces = [markup`<i>${1}</i>`, markup`<i>${2}</i>`];
  expect(markup`<p title="${text}">${text}${pieces}${undefined}${markup`<br>`}</p>`.text).toBe(
    '<p title="&lt;a href=&quot;x&quot;&gt;&#39;&amp;">&lt;a href=&quot;x&quot;&gt;&#39;&amp;<i>1</i><i>2</i><br></p>',
  );
});
