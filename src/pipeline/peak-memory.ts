import { readFileSync, writeFileSync } from 'node:fs';

/** Starts a new measurement of this process's largest memory, where Linux allows it. */
export function resetPeakMemory(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The peak then counts from the start of the process, which is never too small.
  }
}

/** The largest resident memory of this process since `resetPeakMemory`, in bytes. */
export function peakMemory(): number {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (match) return Number(match[1]) * 1024;
  } catch {
    // No /proc: fall through.
  }
  return process.resourceUsage().maxRSS * 1024;
}
