import { InternalError } from '../core/errors.js';
import type { Evaluation, Samples } from './evaluation.js';

/**
 * Proves what the tables take for granted: arrays of one length, one evaluation of a method in an environment and
 * repeat, and the same samples for every method there, so that differences are paired.
 * @throws {InternalError} PN140 to PN143
 */
export function checkEvaluations(evaluations: readonly Evaluation[]): void {
  const seen = new Set<string>();
  const firsts = new Map<string, Evaluation>();
  for (const evaluation of evaluations) {
    const { method, environment, repeat, noisy, clean } = evaluation;
    const where = `evaluation of ${method} in ${environment}, repeat ${repeat}`;
    if (seen.has(where)) fail('PN140', 'the same evaluation twice', where);
    seen.add(where);
    checkLengths(noisy, where);
    checkLengths(clean, where);
    const images = clean.label.length;
    if (noisy.baseImage.length !== noisy.label.length || noisy.severity.length !== noisy.label.length)
      fail(
        'PN141',
        `${noisy.label.length} noisy labels but other numbers of base images or severities`,
        where,
      );
    const beyond = noisy.baseImage.filter((image) => image >= images).length;
    if (beyond > 0 && beyond < noisy.baseImage.length)
      fail('PN142', `only some base images are of the clean test set, which has ${images}`, where);
    const cell = `${environment}/${repeat}`;
    const first = firsts.get(cell) ?? evaluation;
    firsts.set(cell, first);
    const same =
      equal(noisy.label, first.noisy.label) &&
      equal(noisy.original, first.noisy.original) &&
      equal(noisy.baseImage, first.noisy.baseImage) &&
      equal(noisy.severity, first.noisy.severity) &&
      equal(clean.label, evaluations[0]!.clean.label);
    if (!same) fail('PN143', `other samples than those of ${first.method}`, where);
  }
}

function checkLengths({ label, original, repaired, flagged }: Samples, where: string): void {
  const lengths = [label.length, original.length, repaired.length, flagged.length];
  if (new Set(lengths).size > 1)
    fail('PN141', `labels, original, repaired and flagged of lengths ${lengths.join(', ')}`, where);
}

function equal(a: Uint8Array | Uint32Array, b: Uint8Array | Uint32Array): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]));
}

function fail(code: string, message: string, where: string): never {
  throw new InternalError(message, { code, where });
}
