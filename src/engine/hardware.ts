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

/**
 * Names of the NVIDIA cards that this process may use, such as "NVIDIA H100 80GB HBM3"; empty without a driver.
 * CUDA_VISIBLE_DEVICES chooses among them as it does for TensorFlow: by number; an empty list or -1 hides all.
 */
export function nvidiaCards(
  driver = '/proc/driver/nvidia/gpus',
  visible: string | undefined = process.env['CUDA_VISIBLE_DEVICES'],
): string[] {
  const cards = namesOf(driver);
  if (visible === undefined) return cards;
  const chosen = visible.split(',').map((item) => item.trim());
  if (!chosen.every((item) => /^-?\d*$/.test(item))) return cards.slice(0, chosen.length); // by UUID
  return chosen.flatMap((item) => (item === '' ? [] : (cards[Number(item)] ?? [])));
}

function namesOf(driver: string): string[] {
  try {
    return readdirSync(driver)
      .sort()
      .map(
        (slot) => /^Model:\s*(.*?)\s*$/m.exec(readOrEmpty(join(driver, slot, 'information')))?.[1] ?? slot,
      );
  } catch {
    return [];
  }
}

/** Version of the NVIDIA kernel driver, undefined without one. */
export function nvidiaDriver(file = '/proc/driver/nvidia/version'): string | undefined {
  return /Kernel Module.*?\s(\d+\.[\d.]+)/.exec(readOrEmpty(file))?.[1];
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
