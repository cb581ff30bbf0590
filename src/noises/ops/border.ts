/** How a picture goes on beyond its edge, as a map from any index to one in 0 … n-1. */
export type Border = (index: number, n: number) => number;

/** a a a | a b c d | d d d */
export const replicate: Border = (index, n) => (index < 0 ? 0 : index >= n ? n - 1 : index);

/** d c b | a b c d | c b a (whole-sample mirror) */
export const mirrorWhole: Border = (index, n) => {
  if (index >= 0 && index < n) return index;
  if (n === 1) return 0;
  const period = 2 * n - 2;
  const within = ((index % period) + period) % period;
  return within < n ? within : period - within;
};

/** c b a | a b c d | d c b (half-sample mirror) */
export const mirrorHalf: Border = (index, n) => {
  if (index >= 0 && index < n) return index;
  const period = 2 * n;
  const within = ((index % period) + period) % period;
  return within < n ? within : period - 1 - within;
};
