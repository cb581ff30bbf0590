import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** Instruction sets that TensorFlow's CPU kernels choose between, widest first. */
const instructionSets = [
  'amx_bf16',
  'avx512_bf16',
  'avx512_vnni',
  'avx512f',
  'avx_vnni',
  'avx2',
  'avx',
  'sse4_2',
] as const;

/** The widest of them that this CPU has, as /proc/cpuinfo spells it; "unknown" where there is no such file. */
export function cpuInstructionSet(cpuinfo = readOrEmpty('/proc/cpuinfo')): string {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(/\s+/));
  return instructionSets.find((name) => flags.has(name)) ?? 'unknown';
}

/** Threads that TensorFlow is told to use. */
export function cpuThreads(): number {
  return availableParallelism();
}

/** Names of the NVIDIA cards that the driver shows, such as "NVIDIA H100 80GB HBM3"; empty without a driver. */
export function nvidiaCards(driver = '/proc/driver/nvidia/gpus'): string[] {
  try {
    return readdirSync(driver)
      .sort()
      .map((slot) => /^Model:\s*(.*)$/m.exec(readOrEmpty(join(driver, slot, 'information')))?.[1] ?? slot);
  } catch {
    return [];
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
