import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process for good: process ids are given out again, ids with start times are not. */
export interface ProcessId {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process, as /proc says it; undefined where there is no /proc. */
  readonly start: string | undefined;
}

/** Where process ids mean the same: one boot of one host, seen from one container. */
export interface Place {
  readonly host: string;
  readonly machine: string | undefined;
  readonly boot: string | undefined;
  readonly pidNamespace: string | undefined;
}

export function thisPlace(): Place {
  return {
    host: hostname(),
    machine: attempt(() => readFileSync('/etc/machine-id', 'utf8').trim()),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
  };
}

export function processId(pid: number): ProcessId {
  return { pid, start: readStat(pid)?.start };
}

/** True only where the process is certainly no more. A zombie writes nothing, so it counts as gone. */
export function isGone(process: ProcessId): boolean {
  if (process.start === undefined) return false;
  const stat = readStat(process.pid);
  return stat === undefined || stat.start !== process.start || stat.state === 'Z' || stat.state === 'X';
}

function readStat(pid: number): { state: string; start: string } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (text === undefined) return undefined;
  // Field 2 is the command in brackets and may hold anything, so count from its last bracket: field 3 is the state,
  // field 22 the start time.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0]!, start: fields[19]! };
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
