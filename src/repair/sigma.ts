/** The threshold as a quantile of clean samples' summed predictions, or as a number. */
export type SigmaSetting = { readonly quantile: number } | { readonly value: number };

/**
 * The threshold of the gate. A quantile is taken over clean D_t samples that the gate was not trained on, with linear
 * interpolation between order statistics (NumPy's default).
 * @param heldOut summed predictions of those samples
 */
export function resolveSigma(setting: SigmaSetting, heldOut: Float64Array): number {
  if ('value' in setting) return setting.value;
  if (heldOut.length === 0)
    throw new RangeError("a quantile needs at least one clean sample outside of the gate's training");
  const sorted = heldOut.slice().sort();
  const place = setting.quantile * (sorted.length - 1);
  const below = Math.floor(place);
  const upper = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return sorted[below]! + (place - below) * (upper - sorted[below]!);
}
