import { trainSteps } from '../../../dist/nn/train-loop.js';
import { between, now } from '../clock.mjs';

/**
 * What takes `count` steps by the program's own training loop whenever it is called. Its look at all weights after the
 * last step, which a stage does once a pass, does not count.
 * @param lossOf from the number of the step
 */
export function stepsOf({ engine, parameters, optimizer, learningRate, lossOf }) {
  let done = 0;
  return async (count) => {
    const before = now();
    let after;
    await trainSteps({
      engine,
      parameters,
      optimizer,
      schedule: () => learningRate,
      from: done,
      to: done + count,
      loss: lossOf,
      signal: new AbortController().signal,
      onStep: () => (after = now()),
    });
    done += count;
    return between(before, after);
  };
}
