import { describe, expect, it } from 'vitest';

import type { TypedArray } from '../../../src/core/npy.js';
import { constantFor } from '../../../src/noises/constants.js';
import { defocusConstants } from '../../../src/noises/defocus-blur.js';
import { displacementField, elasticConstants } from '../../../src/noises/elastic-transform.js';
import { fogConstants } from '../../../src/noises/fog.js';
import { glassConstants, shufflePixels, smoothBytes } from '../../../src/noises/glass-blur.js';
import type { Severity } from '../../../src/noises/noise.js';
import { affineOf, warpAffine } from '../../../src/noises/ops/affine.js';
import { bilinearResize } from '../../../src/noises/ops/cv-resize.js';
import { diskKernel } from '../../../src/noises/ops/disk.js';
import { motionBlur, motionWeights } from '../../../src/noises/ops/motion.js';
import { plasma } from '../../../src/noises/ops/plasma.js';
import { snowFlakes, snowLayers } from '../../../src/noises/snow.js';
import {
  casesOf,
  folder,
  goldenArray,
  goldenDraws,
  sizeOf,
  type ArrayRef,
  type GoldenCase,
} from './cases.js';
import { readNpy } from '../../../src/core/npy.js';

const severityOf = (golden: GoldenCase): Severity => golden.severity as Severity;
const intermediate = <A extends TypedArray>(golden: GoldenCase, name: string): Promise<A> =>
  goldenArray<A>(golden.intermediate[name] as ArrayRef);

/** The ids of the cases of a noise for which the check fails. */
async function failures(name: string, check: (golden: GoldenCase) => Promise<boolean>): Promise<string[]> {
  const failed: string[] = [];
  for (const golden of casesOf(name)) if (!(await check(golden))) failed.push(golden.id);
  return failed;
}

function isEqual(a: TypedArray, b: TypedArray): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return a.length === b.length ? most : Infinity;
}

describe('the reference on the way', () => {
  it('has the same defocus kernels, bit for bit', async () => {
    const wrong = await failures('defocus_blur', async (golden) => {
      const [radius, sigma] = constantFor(defocusConstants, sizeOf(golden), severityOf(golden));
      return isEqual(diskKernel(radius, sigma), await intermediate(golden, 'kernel'));
    });
    expect(wrong).toEqual([]);
  });

  it('has the same pixels before and after glass blur moves them', async () => {
    const wrong = await failures('glass_blur', async (golden) => {
      const [sigma, shift, iterations] = constantFor(glassConstants, sizeOf(golden), severityOf(golden));
      const image = await goldenArray<Uint8Array>(golden.input);
      const bytes = new Uint8Array(image.length);
      smoothBytes(image, sizeOf(golden), sigma, bytes);
      const isBlurred = isEqual(bytes, await intermediate(golden, 'pre_blurred_u8'));
      const { dxdy } = await goldenDraws(golden);
      shufflePixels(bytes, sizeOf(golden), shift, iterations, dxdy as Int8Array);
      return isBlurred && isEqual(bytes, await intermediate(golden, 'shuffled_u8'));
    });
    expect(wrong).toEqual([]);
  });

  it('has the same flakes and streaks of snow', async () => {
    const wrong = await failures('snow', async (golden) => {
      const layer = snowLayers[severityOf(golden) - 1]!;
      const { z, angle_deg: angle } = await goldenDraws(golden);
      const flakes = new Uint8Array(golden.size * golden.size);
      snowFlakes(z as Float32Array, sizeOf(golden), layer, flakes);
      const streaks = new Uint8Array(flakes.length);
      motionBlur(
        flakes,
        sizeOf(golden),
        1,
        motionWeights(layer.radius, layer.sigma),
        angle as number,
        streaks,
      );
      return (
        isEqual(flakes, await intermediate(golden, 'layer_before_motion_u8')) &&
        isEqual(streaks, await intermediate(golden, 'layer_after_motion_u8'))
      );
    });
    expect(wrong).toEqual([]);
  });

  it('has the same fields of fog, bit for bit in single precision', async () => {
    const wrong = await failures('fog', async (golden) => {
      const [, decay] = constantFor(fogConstants, sizeOf(golden), severityOf(golden));
      const { u } = await goldenDraws(golden);
      const field = new Float64Array(golden.size * golden.size);
      plasma(u as Float32Array, golden.size, decay, field);
      return isEqual(Float32Array.from(field), await intermediate(golden, 'plasma'));
    });
    expect(wrong).toEqual([]);
  });

  it('has the same affine maps within 1e-12 and the same displacements within 1e-6 pixels', async () => {
    const wrong = await failures('elastic_transform', async (golden) => {
      const n = golden.size;
      const [alpha, sigma] = constantFor(elasticConstants, sizeOf(golden), severityOf(golden));
      const { src_points: source, dst_points: target, M } = golden.intermediate as Record<string, number[][]>;
      const reach = Math.floor(n / 3);
      const map = affineOf({ centreX: n / 2, centreY: n / 2, reach, targets: target!.flat() });
      const isSource = furthest(source![0]!, [n / 2 + reach, n / 2 + reach]) === 0;
      const draws = await goldenDraws(golden);
      const field = new Float32Array(n * n);
      const apart = [];
      for (const axis of ['dx', 'dy']) {
        if (alpha > 0)
          displacementField(draws[`u_${axis}`] as Float32Array, sizeOf(golden), alpha * n, sigma * n, field);
        apart.push(furthest(field, await intermediate(golden, axis)));
      }
      return isSource && furthest(map, M!.flat()) < 1e-12 && Math.max(...apart) < 1e-6;
    });
    expect(wrong).toEqual([]);
  });

  it('has the same warped images, bit for bit', async () => {
    const wrong = await failures('elastic_transform', async (golden) => {
      if (golden.intermediate['warped'] === undefined) return true;
      const n = golden.size;
      const { dst_points: target } = golden.intermediate as Record<string, number[][]>;
      const image = Float32Array.from(await goldenArray<Uint8Array>(golden.input), (v) => v / 255);
      const warped = new Float32Array(image.length);
      const triangle = { centreX: n / 2, centreY: n / 2, reach: Math.floor(n / 3), targets: target!.flat() };
      warpAffine(image, sizeOf(golden), affineOf(triangle), warped);
      return isEqual(warped, await intermediate(golden, 'warped'));
    });
    expect(wrong).toEqual([]);
    expect(
      casesOf('elastic_transform').filter(({ intermediate: i }) => i['warped'] !== undefined),
    ).toHaveLength(10);
  });

  it('has the same scaled frost photo and crops', async () => {
    const photo = await readNpy<Uint8Array>(new URL('inputs/frost_texture_rgb.npy', folder).pathname);
    const [height, width] = photo.shape as [number, number, number];
    const wrong = await failures('frost', async (golden) => {
      const scale = golden.size === 32 ? 0.2 : 0.3;
      const texture = await intermediate<Uint8Array>(golden, 'texture_resized_rgb');
      return isEqual(bilinearResize(photo.data, { height, width }, scale), texture);
    });
    expect(wrong).toEqual([]);
  });
});
