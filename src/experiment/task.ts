import type { Json } from '../core/canonical-json.js';
import type { Task } from '../pipeline/stage.js';

export function task(
  id: string,
  stage: string,
  params: unknown,
  inputs: Readonly<Record<string, string>>,
): Task {
  return { id, stage, params: params as Json, inputs };
}

interface Expectation {
  readonly value: number;
  readonly within: number;
}

/** What is kept of a pass beside the answers: what gates read of the original network. */
interface Kept {
  /** Features of the probes, for the paper's gate. */
  readonly probes: boolean;
  /** Moments of the stages, for the environment's gate. */
  readonly moments: boolean;
}

export const answersOnly: Kept = { probes: false, moments: false };

/** What a network says of images. */
export function observe(
  id: string,
  images: 'train' | 'test' | 'noisy',
  inputs: Readonly<Record<string, string>>,
  kept: Kept,
  expect: Expectation | null = null,
): Task {
  const probe = kept.probes ? { probe: 'probe' } : {};
  return task(id, 'observe', { images, ...kept, expect }, { ...inputs, ...probe });
}
