import { fileURLToPath } from 'node:url';

import { cpuThreads } from '../../dist/engine/hardware.js';
import { layouts } from './rows.mjs';
import { startSide } from './side.mjs';

const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Measures rows that take turns: in every round each side of each row once, after a smaller piece of its work as a
 * warm-up. A side that fails says why and leaves the others alone.
 * @param rows of one group
 * @param {{ rounds: number, python?: string }} options
 * @returns {Promise<{ rows: object[], engine?: object, peer?: object }>}
 */
export async function measureGroup(rows, { rounds, python }) {
  const measured = [];
  const running = [];
  const about = {};
  for (const row of rows) {
    const { spec, ...rest } = row;
    const sides = [];
    measured.push({ ...rest, sides });
    const start = async (side, open) => {
      const entry = { ...side, rounds: [] };
      sides.push(entry);
      try {
        const process = await open();
        running.push({ entry, process });
        return process.ready;
      } catch (error) {
        entry.failure = error.message;
        return undefined;
      }
    };
    const ours = await start({ side: 'ours' }, () =>
      startSide(process.execPath, [script('ours.mjs'), JSON.stringify(spec)]),
    );
    about.engine ??= ours?.engine;
    if (!python || !ours) continue;
    for (const { form } of row.peers) {
      for (const layout of layouts) {
        const own = JSON.stringify({ ...spec, form, layout, threads: cpuThreads(), facts: ours.facts });
        const peer = await start({ side: 'torch', form, layout }, () =>
          startSide(python, [script('peer.py'), own], { PYTHONDONTWRITEBYTECODE: '1' }),
        );
        about.peer ??= peer;
      }
    }
  }
  for (let round = 0; round <= rounds; round++) {
    for (const { entry, process } of running) {
      if (entry.failure !== undefined) continue;
      try {
        const answer = await (round === 0 ? process.warm() : process.round());
        if (round > 0) entry.rounds.push(answer);
      } catch (error) {
        entry.failure = error.message;
        entry.rounds = [];
      }
    }
  }
  for (const { process } of running) await process.end();
  return { rows: measured, ...about };
}
