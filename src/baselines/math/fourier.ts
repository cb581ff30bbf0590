/** Real and imaginary parts, [height, width] each. */
export interface Spectrum {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/**
 * The discrete Fourier transform in two dimensions: sum over (y, x) of value exp(-2 pi i (v y / height + u x / width)).
 * Sides are halved as long as they are even, and what is left is summed directly; so powers of two are quick and any
 * other side works.
 * @param values [height, width]
 */
export function fourier(values: Float64Array, height: number, width: number): Spectrum {
  const spectrum = { real: values.slice(), imaginary: new Float64Array(values.length) };
  transform(spectrum, height, width);
  return spectrum;
}

/** The real part [height, width] of the inverse of `fourier`. */
export function inverseFourier({ real, imaginary }: Spectrum, height: number, width: number): Float64Array {
  // With real and imaginary part exchanged on the way in and out, the transform is its own inverse, but for the scale.
  const spectrum = { real: imaginary.slice(), imaginary: real.slice() };
  transform(spectrum, height, width);
  return spectrum.imaginary.map((value) => value / (height * width));
}

function transform({ real, imaginary }: Spectrum, height: number, width: number): void {
  const longest = Math.max(height, width);
  const line = { real: new Float64Array(longest), imaginary: new Float64Array(longest) };
  const along = (start: number, stride: number, length: number) => {
    transformLine({ real, imaginary }, start, stride, line, 0, length, anglesOf(length));
    for (let k = 0; k < length; k++) {
      real[start + k * stride] = line.real[k]!;
      imaginary[start + k * stride] = line.imaginary[k]!;
    }
  };
  for (let y = 0; y < height; y++) along(y * width, 1, width);
  for (let x = 0; x < width; x++) along(x, width, height);
}

/** Transforms `length` numbers of `from`, `stride` apart, into as many of `to` in a row. */
function transformLine(
  from: Spectrum,
  start: number,
  stride: number,
  to: Spectrum,
  at: number,
  length: number,
  angles: Angles,
): void {
  if (length === 2) {
    const second = start + stride;
    to.real[at] = from.real[start]! + from.real[second]!;
    to.imaginary[at] = from.imaginary[start]! + from.imaginary[second]!;
    to.real[at + 1] = from.real[start]! - from.real[second]!;
    to.imaginary[at + 1] = from.imaginary[start]! - from.imaginary[second]!;
    return;
  }
  if (length % 2 === 1) {
    sumDirectly(from, start, stride, to, at, length, angles);
    return;
  }
  const half = length / 2;
  transformLine(from, start, 2 * stride, to, at, half, angles);
  transformLine(from, start + stride, 2 * stride, to, at + half, half, angles);
  const every = angles.cos.length / length;
  for (let k = at, angle = 0; k < at + half; k++, angle += every) {
    const c = angles.cos[angle]!;
    const s = angles.sin[angle]!;
    const re = c * to.real[k + half]! + s * to.imaginary[k + half]!;
    const im = c * to.imaginary[k + half]! - s * to.real[k + half]!;
    to.real[k + half] = to.real[k]! - re;
    to.imaginary[k + half] = to.imaginary[k]! - im;
    to.real[k]! += re;
    to.imaginary[k]! += im;
  }
}

function sumDirectly(
  from: Spectrum,
  start: number,
  stride: number,
  to: Spectrum,
  at: number,
  length: number,
  angles: Angles,
): void {
  const every = angles.cos.length / length;
  for (let k = 0; k < length; k++) {
    let re = 0;
    let im = 0;
    for (let j = 0; j < length; j++) {
      const angle = ((j * k) % length) * every;
      const x = from.real[start + j * stride]!;
      const y = from.imaginary[start + j * stride]!;
      re += angles.cos[angle]! * x + angles.sin[angle]! * y;
      im += angles.cos[angle]! * y - angles.sin[angle]! * x;
    }
    to.real[at + k] = re;
    to.imaginary[at + k] = im;
  }
}

/** Cosine and sine of 2 pi k / length. */
interface Angles {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const known = new Map<number, Angles>();

function anglesOf(length: number): Angles {
  const found = known.get(length);
  if (found) return found;
  const each = (f: (angle: number) => number) =>
    Float64Array.from({ length }, (_, k) => rounded(f((2 * Math.PI * k) / length)));
  const angles = { cos: each(Math.cos), sin: each(Math.sin) };
  known.set(length, angles);
  return angles;
}

/** To 15 decimals: the last digit of cosine and sine differs between versions of Node. */
function rounded(value: number): number {
  return Number(value.toFixed(15));
}
