/** Seconds of a training step with 128 images. */
interface StepSeconds {
  readonly whole: number;
  /** At a quarter of the width. */
  readonly quarter: number;
}

/** On two cores of an AMD EPYC with AVX-512 and nothing else running (docs/performance.md): a measure of scale for plans. */
const steps: Readonly<Record<string, StepSeconds>> = {
  allconvnet: { whole: 1.8, quarter: 0.21 },
  'wrn-40-2': { whole: 1.4, quarter: 0.21 },
  'densenet-bc-100-12': { whole: 3.3, quarter: 0.9 },
  'mobilenet-v2': { whole: 0.4, quarter: 0.15 },
};

/**
 * Seconds of a training step at some width, by the power of the width that both measurements agree on.
 * @returns undefined for a network that was not measured
 */
export function referenceStepSeconds(name: string, width: number): number | undefined {
  const measured = steps[name];
  if (measured === undefined) return undefined;
  const power = Math.log(measured.whole / measured.quarter) / Math.log(4);
  return measured.whole * width ** power;
}
