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

/** What a network says of images; probes only where a gate will read their features. */
export function observe(
  id: string,
  images: 'train' | 'test' | 'noisy',
  inputs: Readonly<Record<string, string>>,
  probes: boolean,
  expect: Expectation | null = null,
): Task {
  return task(id, 'observe', { images, probes, expect }, probes ? { ...inputs, probe: 'probe' } : inputs);
}
