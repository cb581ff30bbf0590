import { expect, it } from 'vitest';

import { StageRows } from '../../../src/ui/stage-rows.js';
import { story } from '../../support/events.js';

const golden = new URL('../../golden/ui/stage-rows.txt', import.meta.url).pathname;

it('shows a row a stage, with what is at work below it, after every event', async () => {
  const rows = new StageRows();
  const pictures = story.map((event) => {
    rows.update(event);
    const lines = rows
      .rows(event.time)
      .flatMap(({ state, title, details }) => [
        `${state.padEnd(7)} ${title}`,
        ...details.map((line) => `          ${line}`),
      ]);
    const task = 'task' in event ? ` ${event.task}` : '';
    return [`--- ${event.type}${task}`, ...lines].join('\n');
  });
  const text = [...pictures, '--- below', ...rows.warnings].join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot(golden);
});

it('counts time while a stage says nothing', () => {
  const rows = new StageRows();
  const started = story.find((event) => event.type === 'stage-started')!;
  rows.update(started);
  expect(rows.rows(started.time + 3000)[0]!.details).toEqual(['corrupt/fog  3.0 s of about 14 s']);
});
