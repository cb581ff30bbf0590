import { performance } from 'node:perf_hooks';

/** Seconds on the wall and of the processor, by all threads of this process, since some moment. */
export function now() {
  const { user, system } = process.cpuUsage();
  return { seconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 };
}

export function between(from, to) {
  return { seconds: to.seconds - from.seconds, cpuSeconds: to.cpuSeconds - from.cpuSeconds };
}

export function times({ seconds, cpuSeconds }, factor) {
  return { seconds: seconds * factor, cpuSeconds: cpuSeconds * factor };
}

export function plus(a, b) {
  return { seconds: a.seconds + b.seconds, cpuSeconds: a.cpuSeconds + b.cpuSeconds };
}
