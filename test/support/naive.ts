/**
 * Forward passes in plain loops and double precision, as an independent second opinion on what the engine computes.
 * Maps are one image, [height][width][channels] in one array.
 */
export interface NaiveMap {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: readonly number[];
}

/** @param filter [size, size, in, out] */
export function naiveConv(
  x: NaiveMap,
  filter: ArrayLike<number>,
  outputs: number,
  { size, stride, pad, bias }: { size: number; stride: number; pad: number; bias?: ArrayLike<number> },
): NaiveMap {
  const length = (n: number): number => Math.floor((n + 2 * pad - size) / stride) + 1;
  const [height, width] = [length(x.height), length(x.width)];
  const data: number[] = [];
  for (let y = 0; y < height; y++)
    for (let column = 0; column < width; column++)
      for (let o = 0; o < outputs; o++) {
        let sum = bias?.[o] ?? 0;
        for (let ky = 0; ky < size; ky++)
          for (let kx = 0; kx < size; kx++) {
            const [iy, ix] = [y * stride + ky - pad, column * stride + kx - pad];
            if (iy < 0 || iy >= x.height || ix < 0 || ix >= x.width) continue;
            for (let i = 0; i < x.channels; i++)
              sum +=
                x.data[(iy * x.width + ix) * x.channels + i]! *
                filter[((ky * size + kx) * x.channels + i) * outputs + o]!;
          }
        data.push(sum);
      }
  return { height, width, channels: outputs, data };
}

/** Batch norm by given statistics, with PyTorch's epsilon. */
export function naiveNorm(
  x: NaiveMap,
  scale: ArrayLike<number>,
  shift: ArrayLike<number>,
  mean: ArrayLike<number>,
  variance: ArrayLike<number>,
): NaiveMap {
  return perValue(
    x,
    (value, c) => ((value - mean[c]!) / Math.sqrt(variance[c]! + 1e-5)) * scale[c]! + shift[c]!,
  );
}

export function naiveQuickGelu(x: NaiveMap): NaiveMap {
  return perValue(x, (value) => value / (1 + Math.exp(-1.702 * value)));
}

export function naiveRelu(x: NaiveMap): NaiveMap {
  return perValue(x, (value) => Math.max(0, value));
}

export function naivePool({ height, width, channels, data }: NaiveMap): number[] {
  return Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = c; i < data.length; i += channels) sum += data[i]!;
    return sum / (height * width);
  });
}

/** @param weight [in, out] */
export function naiveDense(
  x: readonly number[],
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
): number[] {
  return Array.from(bias, (b, o) =>
    x.reduce((sum, value, i) => sum + value * weight[i * bias.length + o]!, b),
  );
}

/** log softmax(logits)[label] */
export function naiveLogLikelihood(logits: readonly number[], label: number): number {
  const top = Math.max(...logits);
  return logits[label]! - top - Math.log(logits.reduce((sum, value) => sum + Math.exp(value - top), 0));
}

function perValue(x: NaiveMap, f: (value: number, channel: number) => number): NaiveMap {
  return { ...x, data: x.data.map((value, i) => f(value, i % x.channels)) };
}
