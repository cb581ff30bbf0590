import { createHash } from 'node:crypto';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A stream of random numbers that is named by what it is for, such as `split/gaussian_noise/r0`. The generator's
 * whole 128-bit state is SHA-256 of seed and path, so streams never collide and one more stream moves no other.
 * All ways to numbers use only +, -, *, /, sqrt, log and exp, and are pinned by golden values in the tests.
 */
export class Rng {
  readonly seed: number;
  readonly path: string;
  private readonly generator: { next(): number };
  /** The second normal number of the last pair, NaN when it is used up: a plain double field is much the quickest. */
  private spareNormal = NaN;

  /** @param seed any safe integer, 0 included. */
  constructor(seed: number, path: string) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer but got ${seed}`);
    this.seed = seed;
    this.path = path;
    const digest = createHash('sha256').update(`${seed}/${path}`).digest();
    const state: number[] = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset));
    if (state.every((word): boolean => word === 0)) state[0] = 1; // the one state that the generator cannot leave
    this.generator = xoroshiro128plusFromState(state);
  }

  /** The stream of that name below this one; independent of what was drawn here. */
  child(name: string | number): Rng {
    return new Rng(this.seed, `${this.path}/${name}`);
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    return this.generator.next() >>> 0;
  }

  /** A double in [0, 1) with 53 random bits. */
  double(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** A double in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.double();
  }

  /** A whole number in [0, n), all equally likely. @param n 1 to 2^32 */
  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296)
      throw new RangeError(`int(n) needs 1 <= n <= 2^32 but got ${n}`);
    // By division, not by remainder: the generator's lowest bits are its weakest.
    const share = Math.floor(4294967296 / n);
    for (;;) {
      const value = Math.floor(this.uint32() / share);
      if (value < n) return value;
    }
  }

  /** True with probability p. */
  bernoulli(p: number): boolean {
    return this.double() < p;
  }

  /** A standard normal number (Marsaglia's polar method). */
  normal(): number {
    const spare = this.spareNormal;
    if (!Number.isNaN(spare)) {
      this.spareNormal = NaN;
      return spare;
    }
    for (;;) {
      const u = 2 * this.double() - 1;
      const v = 2 * this.double() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(s)) / s);
      this.spareNormal = v * scale;
      return u * scale;
    }
  }

  /** A Poisson count. @param mean 0 or more */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean < Infinity))
      throw new RangeError(`poisson(mean) needs mean >= 0 but got ${mean}`);
    return mean < 10 ? this.smallPoisson(mean) : this.largePoisson(mean);
  }

  /** Uniform numbers multiplied until their product is at most exp(-mean). */
  private smallPoisson(mean: number): number {
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.double(); product > limit; product *= this.double()) count++;
    return count;
  }

  /** Transformed rejection with squeeze, algorithm PTRS of Hörmann 1993. */
  private largePoisson(mean: number): number {
    const b = 0.931 + 2.53 * Math.sqrt(mean);
    const a = -0.059 + 0.02483 * b;
    const squeeze = 0.9277 - 3.6224 / (b - 2);
    for (;;) {
      const u = this.double() - 0.5;
      const v = this.double();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= squeeze) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
      const left = Math.log((v * inverseAlpha) / (a / (us * us) + b));
      if (left <= k * Math.log(mean) - mean - logFactorial(k)) return k;
    }
  }

  /** Fills the array with doubles in [0, 1): the same as that many calls of `double`. */
  fillUniform<A extends Float32Array | Float64Array>(into: A): A {
    for (let i = 0; i < into.length; i++) into[i] = this.double();
    return into;
  }

  /** Fills the array with standard normal numbers: the same as that many calls of `normal`. */
  fillNormal<A extends Float32Array | Float64Array>(into: A): A {
    for (let i = 0; i < into.length; i++) into[i] = this.normal();
    return into;
  }

  /** The numbers 0 … n-1 in random order (Fisher-Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }

  /** k different numbers of 0 … n-1, in random order. */
  sample(n: number, k: number): Uint32Array {
    if (k > n) throw new RangeError(`cannot draw ${k} different numbers out of ${n}`);
    return this.permutation(n).slice(0, k);
  }
}

const smallLogFactorials = [0, 0];
for (let k = 2; k < 32; k++) smallLogFactorials.push(smallLogFactorials[k - 1]! + Math.log(k));
const halfLogTwoPi = 0.9189385332046727;

/** log(k!), from 32 on by Stirling's series (error below 1e-11). */
function logFactorial(k: number): number {
  if (k < smallLogFactorials.length) return smallLogFactorials[k]!;
  const inverse = 1 / k;
  return (k + 0.5) * Math.log(k) - k + halfLogTwoPi + inverse * (1 / 12 - (inverse * inverse) / 360);
}
