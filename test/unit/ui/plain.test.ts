import { Writable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { JsonRenderer } from '../../../src/ui/json.js';
import { PlainRenderer, PlainText } from '../../../src/ui/plain.js';
import { story } from '../../support/events.js';

const golden = (name: string): string => new URL(`../../golden/ui/${name}`, import.meta.url).pathname;

describe('plain lines', () => {
  it('are these for a run with every kind of event', async () => {
    const text = new PlainText();
    const lines = story.flatMap((event) => text.lines(event));
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(golden('plain.txt'));
    expect(lines.join('\n')).not.toMatch(/[^\n\x20-\x7e]/);
  });

  it('say after half a minute of silence what still runs', () => {
    const text = new PlainText();
    for (const event of story.slice(0, 11)) text.lines(event);
    for (const event of story.slice(11, 12)) text.lines(event);
    const { time } = story[11]!;
    expect(text.beat(time + 29_000)).toEqual([]);
    expect(text.beat(time + 31_000)).toEqual(['[01:20] gate/fog/r0 still running after 31 s']);
    expect(text.beat(time + 32_000)).toEqual([]);
    text.lines({ ...story[16]!, time: time + 33_000 });
    expect(text.beat(time + 70_000)).toEqual([
      '[01:59] gate/fog/r0 still running after 1 min 10 s: training: 3 of 10 epochs',
    ]);
    text.lines(story[17]!);
    expect(text.beat(time + 300_000)).toEqual([]);
  });

  it('say nothing before there is anything to say', () => {
    expect(new PlainText().beat(Date.now())).toEqual([]);
  });

  it('go to the stream, and let the process end', async () => {
    const { stream, text } = collector();
    const renderer = new PlainRenderer(stream);
    renderer.show(story[5]!);
    await renderer.end();
    expect(text()).toBe('[00:00] dataset kept from earlier\n');
  });
});

describe('JSON lines', () => {
  it('are the events themselves', async () => {
    const { stream, text } = collector();
    const renderer = new JsonRenderer(stream);
    for (const event of story) renderer.show(event);
    await renderer.end();
    const lines = text().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(story);
    expect(lines[5]).toBe(
      `{"time":1700000028000,"type":"stage-hit","task":"dataset","stage":"dataset","key":"${'ab'.repeat(32)}"}`,
    );
  });
});

function collector(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, text: () => chunks.join('') };
}
