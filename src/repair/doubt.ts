import { resolveSigma, type SigmaSetting } from './sigma.js';

/**
 * 1 - max softmax of each row (Hendrycks and Gimpel 2017), summed from the other classes so that a sure answer keeps
 * its digits.
 * @param logits [n * classes], row after row
 * @returns [n], in [0, 1)
 */
export function doubts(logits: Float32Array, classes: number): Float64Array {
  return Float64Array.from({ length: logits.length / classes }, (_, n) => {
    const row = logits.subarray(n * classes, (n + 1) * classes);
    const top = Math.max(...row);
    const best = row.indexOf(top);
    const others = row.reduce((sum, value, k) => sum + (k === best ? 0 : Math.exp(value - top)), 0);
    return others / (1 + others);
  });
}

/**
 * The threshold of doubt that lets through the share of clean samples that sigma lets through the gate.
 * @param summed the gate's summed predictions of clean samples that it was not trained on
 * @param doubt of the same samples
 */
export function resolveDoubt(setting: SigmaSetting, summed: Float64Array, doubt: Float64Array): number {
  if ('quantile' in setting) return resolveSigma(setting, doubt);
  const passed = summed.reduce((count, value) => count + (value > setting.value ? 0 : 1), 0);
  return resolveSigma({ quantile: passed / summed.length }, doubt);
}
