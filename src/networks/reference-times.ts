/**
 * Seconds of a training step with 128 images at full width, on two cores of an AMD EPYC with AVX-512, as
 * scripts/network-speed.mjs measures them: a measure of scale for plans.
 */
export const referenceStepSeconds: Readonly<Record<string, number>> = {
  allconvnet: 2.6,
  'wrn-40-2': 1.4,
  'densenet-bc-100-12': 3.3,
  'mobilenet-v2': 0.6,
};
