/**
 * The class of the largest logit of each row, the first on a tie.
 * @param logits [n * classes], row after row
 * @returns [n]
 */
export function predictedFromLogits(logits: Float32Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: logits.length / classes }, (_, n) => {
    let best = n * classes;
    for (let k = best + 1; k < (n + 1) * classes; k++) if (logits[k]! > logits[best]!) best = k;
    return best - n * classes;
  });
}
