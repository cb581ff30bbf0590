import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';

import { sha256 } from '../../src/core/digest.js';
import { readNpy, type NdArray } from '../../src/core/npy.js';
import { Rng } from '../../src/core/rng.js';
import { corruptImages } from '../../src/noises/corrupt.js';
import { noises, openNoise } from '../../src/noises/index.js';
import { severities, type Severity } from '../../src/noises/noise.js';
import { folder } from '../golden/noises/cases.js';

interface Facts {
  readonly version: number;
  /** Whether it draws random numbers. */
  readonly isRandom: boolean;
  /** Whether a higher severity always changes an image more, as in the reference's statistics. */
  readonly grows: boolean;
  /** SHA-256, first 16 digits, of the outputs for all severities: at 32x32 and at 64x64. Another one for the same
   * version must not be. */
  readonly digests: readonly [string, string];
}

const facts: Record<string, Facts> = {
  gaussian_noise: {
    version: 1,
    isRandom: true,
    grows: true,
    digests: ['63db3f6779d85380', '0394a9461c3d23a4'],
  },
  shot_noise: { version: 1, isRandom: true, grows: true, digests: ['78f9402c39120fca', 'df3262cf11940e9f'] },
  impulse_noise: {
    version: 1,
    isRandom: true,
    grows: true,
    digests: ['22888013a836d5e1', '9f310702bda86a6f'],
  },
  defocus_blur: {
    version: 1,
    isRandom: false,
    grows: true,
    digests: ['923d0812f62ffd46', 'd21d79c72250c4ea'],
  },
  glass_blur: { version: 1, isRandom: true, grows: false, digests: ['0e11260159e4eb35', 'a7386962ab4b6308'] },
  motion_blur: {
    version: 1,
    isRandom: true,
    grows: false,
    digests: ['1065d20c264e2732', 'd83454ea535c4b6b'],
  },
  zoom_blur: { version: 1, isRandom: false, grows: true, digests: ['ec57a8a3161bffb8', 'a632ed7adc622e6d'] },
  snow: { version: 1, isRandom: true, grows: true, digests: ['dd219f35b4557683', 'ee56a6e5674ba44c'] },
  frost: { version: 1, isRandom: true, grows: false, digests: ['b4e9f86de6a262cd', '2dffeae44fcb1d33'] },
  fog: { version: 1, isRandom: true, grows: true, digests: ['1933fe788473b375', '380f18d056887c6c'] },
  brightness: { version: 1, isRandom: false, grows: true, digests: ['c427cacc5aee7db7', '3dbfbab7cde213a9'] },
  contrast: { version: 1, isRandom: false, grows: true, digests: ['38ae5ca211fc6282', 'a671c22832df7bdd'] },
  elastic_transform: {
    version: 1,
    isRandom: true,
    grows: false,
    digests: ['81fdd5a15b8656e6', 'f06508d8a716d468'],
  },
  pixelate: { version: 1, isRandom: false, grows: true, digests: ['c696b9f4f1a55e64', '89814d05b7795142'] },
  jpeg_compression: {
    version: 1,
    isRandom: false,
    grows: true,
    digests: ['8ebdc0a9b52a8634', '156874bd511c5960'],
  },
};

const pictures = async (size: number): Promise<NdArray<Uint8Array>> =>
  readNpy<Uint8Array>(new URL(`inputs/inputs_${size}.npy`, folder).pathname);
const indices = [0, 1, 2, 3, 4, 5];

/** Six bytes pictures of any size, with everything from black to white. */
function made(height: number, width: number): NdArray<Uint8Array> {
  const data = Uint8Array.from({ length: 6 * height * width * 3 }, (_, i) => (i * i + (i >> 5)) & 255);
  return { shape: [6, height, width, 3], data };
}

async function corrupted(
  name: string,
  severity: Severity,
  images: NdArray<Uint8Array>,
  seed = 0,
): Promise<Uint8Array> {
  return corruptImages({
    noise: await openNoise(name),
    severity,
    images,
    indices,
    rng: new Rng(seed, 'contract'),
  });
}

it('the catalogue has the fifteen noises of CIFAR-10-C, in its order', () => {
  expect(noises.map(({ name }) => name)).toEqual(Object.keys(facts));
});

describe.each(noises)('$name', ({ name, params, version, summary }) => {
  const known = facts[name]!;

  it('has parameters whose defaults are valid, and a summary without a full stop', () => {
    expect(Value.Check(params, Value.Default(params, {}))).toBe(true);
    expect(Value.Check(params, { unheard: 1 })).toBe(false);
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
  });

  it('gives the pinned bytes', async () => {
    const digests: string[] = [];
    for (const size of [32, 64]) {
      const outputs = await Promise.all(
        severities.map(async (severity) => corrupted(name, severity, await pictures(size))),
      );
      digests.push(sha256(Buffer.concat(outputs)).slice(0, 16));
    }
    expect({ version, digests }).toEqual({ version: known.version, digests: known.digests });
  });

  it('gives the same bytes again, other bytes for another seed only if it is random', async () => {
    const images = await pictures(32);
    const [first, again, other] = [
      await corrupted(name, 3, images, 0),
      await corrupted(name, 3, images, 0),
      await corrupted(name, 3, images, 1),
    ];
    expect(Buffer.compare(first, again)).toBe(0);
    expect(Buffer.compare(first, other) !== 0).toBe(known.isRandom);
  });

  it('gives an image the same bytes alone, in parts and in another order', async () => {
    const images = await pictures(32);
    const noise = await openNoise(name);
    const bytes = 32 * 32 * 3;
    const image = (i: number): Uint8Array => images.data.subarray(i * bytes, (i + 1) * bytes);
    const some = (order: number[]): Uint8Array =>
      corruptImages({
        noise,
        severity: 4,
        images: {
          shape: [order.length, 32, 32, 3],
          data: Uint8Array.from(order.flatMap((i) => [...image(i)])),
        },
        indices: order,
        rng: new Rng(5, 'contract'),
      });
    const whole = some([0, 1, 2, 3, 4, 5]);
    const order = [4, 0, 5];
    const part = some(order);
    order.forEach((index, k) => {
      const expected = whole.subarray(index * bytes, (index + 1) * bytes);
      expect(Buffer.compare(part.subarray(k * bytes, (k + 1) * bytes), expected)).toBe(0);
    });
  });

  it('leaves the image as it is and writes every byte of the output', async () => {
    const images = await pictures(64);
    const size = { height: 64, width: 64 };
    const image = images.data.slice(0, 64 * 64 * 3);
    const { noise } = await openNoise(name);
    const draws = noise.draw(new Rng(1, 'contract'), size, 5, image);
    const [overZero, overOne] = [new Uint8Array(image.length), new Uint8Array(image.length).fill(255)];
    noise.apply(image, size, 5, draws, overZero);
    noise.apply(image, size, 5, draws, overOne);
    expect(Buffer.compare(overZero, overOne)).toBe(0);
    expect(Buffer.compare(image, images.data.subarray(0, image.length))).toBe(0);
  });

  it('changes images more at each severity, where the reference does', async () => {
    const big = await readNpy<Uint8Array>(new URL('inputs/big_32.npy', folder).pathname);
    const n = 40;
    const images = { shape: [n, 32, 32, 3], data: big.data.subarray(0, n * 3072) };
    const noise = await openNoise(name);
    const changes = severities.map((severity) => {
      const rng = new Rng(2, 'contract');
      const out = corruptImages({
        noise,
        severity,
        images,
        indices: Array.from({ length: n }, (_, i) => i),
        rng,
      });
      return out.reduce((sum, value, i) => sum + Math.abs(value - images.data[i]!), 0) / out.length;
    });
    expect(Math.min(...changes)).toBeGreaterThan(0.5);
    expect(changes.every((change, s) => s === 0 || change > changes[s - 1]!)).toBe(known.grows);
  });

  it.each([
    [28, 28],
    [20, 33],
    [96, 96],
    [1, 1],
    [5, 2],
  ])('takes images of %s x %s', async (height, width) => {
    const images = made(height, width);
    for (const severity of severities) {
      const out = await corrupted(name, severity, images);
      expect(out).toHaveLength(images.data.length);
    }
  });
});
