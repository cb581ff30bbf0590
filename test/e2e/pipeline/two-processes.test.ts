import { expect, it } from 'vitest';

import type { Event } from '../../../src/core/events.js';
import { bytes, Pipeline, sum } from '../../support/pipeline/harness.js';
import { startRun } from '../../support/pipeline/process.js';

it('two runs at once on one store make every record once, and both end well', async () => {
  const tasks = ['a', 'b', 'c'].flatMap((name) => [
    bytes(name, { pieces: 10, pauseMs: 40 }),
    sum(name, [name], { steps: 3, pauseMs: 40 }),
  ]);
  const pipeline = await Pipeline.open();
  const [one, two] = await Promise.all([startRun(pipeline.root, tasks), startRun(pipeline.root, tasks)]);
  expect([one.stderr, two.stderr]).toEqual(['', '']);
  expect([one.code, two.code]).toEqual([0, 0]);
  const finished = [...one.events, ...two.events].flatMap((event) =>
    event.type === 'stage-finished' ? [event.task] : [],
  );
  expect(finished.sort()).toEqual(tasks.map((task) => task.id).sort());
  const got = (events: readonly Event[]): number =>
    events.filter((event) => event.type === 'stage-finished' || event.type === 'stage-hit').length;
  expect([got(one.events), got(two.events)]).toEqual([tasks.length, tasks.length]);
  const notes = [...one.events, ...two.events].flatMap((event) =>
    event.type === 'note' ? [event.text] : [],
  );
  expect(notes.length).toBeGreaterThan(0);
  for (const note of notes)
    expect(note).toMatch(/^process \d+ on host \S+ is making this already; waiting for it$/);
  expect(await pipeline.digests()).toHaveLength(9);
});
