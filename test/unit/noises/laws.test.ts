import { describe, expect, it } from 'vitest';

import { Rng } from '../../../src/core/rng.js';
import { noises } from '../../../src/noises/index.js';
import { severities, type Severity } from '../../../src/noises/noise.js';

const size = { height: 32, width: 32 };
const bytes = 32 * 32 * 3;

async function apply(name: string, severity: Severity, image: Uint8Array): Promise<Uint8Array> {
  const noise = await noises.find((entry) => entry.name === name)!.load();
  const out = new Uint8Array(image.length);
  noise.apply(image, size, severity, noise.draw(new Rng(0, 'laws'), size, severity, image), out);
  return out;
}

/** The smallest and the largest byte. */
const range = (values: Uint8Array): [number, number] => [Math.min(...values), Math.max(...values)];

describe.each(severities)('severity %s', (severity) => {
  it.each(['motion_blur', 'pixelate', 'jpeg_compression'])(
    '%s leaves a flat grey picture alone',
    async (name) => {
      const flat = new Uint8Array(bytes).fill(128);
      expect(range(await apply(name, severity, flat))).toEqual([128, 128]);
    },
  );

  it.each(['defocus_blur', 'glass_blur', 'zoom_blur', 'contrast', 'elastic_transform'])(
    '%s leaves a flat picture alone, but for one level lost by each truncation',
    async (name) => {
      const [least, most] = range(await apply(name, severity, new Uint8Array(bytes).fill(100)));
      expect(least).toBeGreaterThanOrEqual(name === 'glass_blur' ? 98 : 99); // glass truncates twice
      expect(most).toBeLessThanOrEqual(100);
    },
  );

  it('shot noise leaves black alone', async () => {
    expect(await apply('shot_noise', severity, new Uint8Array(bytes))).toEqual(new Uint8Array(bytes));
  });

  it('impulse noise changes bytes to 0 and 255 only, about as many as it says', async () => {
    const out = await apply('impulse_noise', severity, new Uint8Array(bytes).fill(100));
    expect(new Set(out)).toEqual(new Set([0, 100, 255]));
    const share = out.filter((v) => v !== 100).length / bytes;
    const amount = [0.01, 0.02, 0.03, 0.05, 0.07][severity - 1]!;
    expect(Math.abs(share - amount)).toBeLessThan(4 * Math.sqrt((amount * (1 - amount)) / bytes));
  });

  it('brightness leaves white alone and makes black grey', async () => {
    const white = new Uint8Array(bytes).fill(255);
    expect(await apply('brightness', severity, white)).toEqual(white);
    const grey = Math.trunc([0.05, 0.1, 0.15, 0.2, 0.3][severity - 1]! * 255);
    expect(await apply('brightness', severity, new Uint8Array(bytes))).toEqual(
      new Uint8Array(bytes).fill(grey),
    );
  });

  it('fog keeps black black: nothing is brighter than the brightest pixel was', async () => {
    expect(range(await apply('fog', severity, new Uint8Array(bytes)))).toEqual([0, 0]);
    expect(range(await apply('fog', severity, new Uint8Array(bytes).fill(90)))[1]).toBe(90);
  });

  it('snow only brightens', async () => {
    const image = Uint8Array.from({ length: bytes }, (_, i) => (i * 7) & 127);
    const snowy = await apply('snow', severity, image);
    expect(snowy.every((v, i) => v >= image[i]! - 1)).toBe(true);
    expect(snowy.reduce((a, b) => a + b, 0)).toBeGreaterThan(image.reduce((a, b) => a + b, 0));
  });
});

it('pixelate keeps at least one pixel of the smallest images', async () => {
  const noise = await noises.find(({ name }) => name === 'pixelate')!.load();
  const out = new Uint8Array(3);
  noise.apply(Uint8Array.of(10, 20, 30), { height: 1, width: 1 }, 5, undefined, out);
  expect([...out]).toEqual([10, 20, 30]);
});
