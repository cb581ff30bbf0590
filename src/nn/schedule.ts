/** Learning rate at each step, counted from 0. */
export type Schedule = (step: number) => number;

/** From `peak` at step 0 along half a cosine towards `floor` at step `steps`, anew at every step. */
export function cosine(peak: number, steps: number, floor = 0): Schedule {
  return (step) => floor + ((peak - floor) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
}
