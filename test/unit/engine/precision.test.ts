import type { Rank, Tensor, Tensor4D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';

import { EngineError } from '../../../src/core/errors.js';
import { Rng } from '../../../src/core/rng.js';
import type { EngineId } from '../../../src/engine/engine.js';
import { cpuInstructionSet } from '../../../src/engine/hardware.js';
import { openEngine } from '../../../src/engine/load.js';
import { withPrecision } from '../../../src/engine/precision.js';
import { numbers } from '../../support/arrays.js';
import { testEngineDir } from '../../support/engine.js';
import { randomTensor } from '../../support/tensors.js';

const id: EngineId = {
  tfjs: '4.22.0',
  tensorflow: '2.21.0',
  device: 'cpu',
  instructionSet: 'avx512_bf16',
  threads: 2,
  precision: 'float32',
};

describe('withPrecision', () => {
  it('takes bfloat16 by itself only where it is quick, and refuses it elsewhere', () => {
    const old = { ...id, instructionSet: 'avx2' };
    const card: EngineId = { ...id, device: 'gpu', instructionSet: 'NVIDIA H100 80GB HBM3' };
    expect(withPrecision(id, 'auto').precision).toBe('bfloat16');
    expect(withPrecision(old, 'auto')).toEqual(old);
    expect(withPrecision(card, 'auto')).toEqual(card);
    expect(withPrecision(id, 'float32')).toEqual(id);
    expect(withPrecision({ ...id, instructionSet: 'amx_bf16' }, 'bfloat16').precision).toBe('bfloat16');
    for (const other of [old, card])
      expect(() => withPrecision(other, 'bfloat16')).toThrow(
        expect.objectContaining({ code: 'PN415' }) as EngineError,
      );
  });
});

const hasBfloat16 = ['amx_bf16', 'avx512_bf16'].includes(cpuInstructionSet());

/** x with seven bits behind the point, to the nearest, ties to even: what bfloat16 keeps. */
function rounded(values: readonly number[]): number[] {
  const bits = new Uint32Array(Float32Array.from(values).buffer);
  const kept = bits.map((each) => ((each + 0x7fff + ((each >>> 16) & 1)) & 0xffff0000) >>> 0);
  return [...new Float32Array(kept.buffer)];
}

describe.skipIf(!hasBfloat16)('an engine in bfloat16', async () => {
  if (!hasBfloat16) return;
  const { tf, kernels, id: opened } = await openEngine(testEngineDir(), 'bfloat16');
  const rng = new Rng(1, 'precision');
  const as = (values: number[], like: Tensor): Tensor<Rank.R4> =>
    tf.tensor4d(values, like.shape as [number, number, number, number]);
  const images = (side: number) => randomTensor<Rank.R4>(tf, rng.child('x'), [3, side, side, 8]);
  const filter = randomTensor<Rank.R4>(tf, rng.child('filter'), [3, 3, 8, 6]);

  it('says so', () => {
    expect(opened.precision).toBe('bfloat16');
  });

  it.each([
    { side: 9, stride: 1, pad: 1 },
    { side: 9, stride: 2, pad: 1 },
    { side: 8, stride: 2, pad: 1 }, // asymmetric in TensorFlow's SAME
  ])(
    'rounds what goes into a convolution and into both of its gradients, and what comes out: $side, $stride, $pad',
    ({ side, stride, pad }) => {
      const x = images(side);
      const exact = (a: Tensor, w: Tensor): Tensor =>
        tf.conv2d(
          tf.pad4d(a as Tensor4D, [
            [0, 0],
            [pad, pad],
            [pad, pad],
            [0, 0],
          ]),
          w as Tensor4D,
          stride,
          'valid',
        );
      const own = (a: Tensor, w: Tensor): Tensor => kernels.conv2d(a as Tensor4D, w as Tensor4D, stride, pad);
      const [x16, filter16] = [x, filter].map((each) => as(rounded(numbers(each)), each)) as [
        Tensor4D,
        Tensor4D,
      ];
      const y = own(x, filter);
      const upstream = randomTensor<Rank.R4>(tf, rng.child('upstream'), y.shape as Tensor4D['shape']);
      const upstream16 = as(rounded(numbers(upstream)), upstream);
      const found = [y, ...tf.grads(own)([x, filter], upstream)];
      const wanted = [exact(x16, filter16), ...tf.grads(exact)([x16, filter16], upstream16)];
      found.forEach((each, i) => {
        expect(each.dtype).toBe('float32');
        const values = numbers(each);
        // Sums are in float32, so that one rounding at the end is all that is left: half of the last of 8 bits.
        const largest = Math.max(...numbers(wanted[i]!).map(Math.abs));
        values.forEach((value, k) => {
          const error = Math.abs(value - numbers(wanted[i]!)[k]!);
          expect(error).toBeLessThanOrEqual(Math.abs(value) * 2 ** -8 + largest * 1e-6);
        });
        expect(values).toEqual(rounded(values));
      });
    },
  );

  it('leaves all other kernels in float32', () => {
    const x = images(9);
    const depthwise = randomTensor<Rank.R4>(tf, rng.child('depthwise'), [3, 3, 8, 1]);
    for (const each of [kernels.depthwiseConv2d(x, depthwise, 1, 1), kernels.quickGelu(x)]) {
      const values = numbers(each);
      expect(values).not.toEqual(rounded(values));
    }
  });

  it('keeps no tensor of its own, neither in tf.js nor in TensorFlow', () => {
    const x = images(9);
    const before = tf.memory().numTensors;
    const run = () => tf.dispose(tf.tidy(() => kernels.conv2d(x, filter, 1, 1)));
    run();
    expect(tf.memory().numTensors).toBe(before);
    const resident = () => process.memoryUsage().rss;
    const big = tf.zeros<Rank.R4>([64, 32, 32, 64]);
    const wide = tf.zeros<Rank.R4>([1, 1, 64, 64]);
    const grow = (times: number) => {
      for (let i = 0; i < times; i++) tf.dispose(tf.tidy(() => kernels.conv2d(big, wide, 1, 0)));
    };
    grow(5);
    const start = resident();
    grow(60); // 60 x 16 MB and more, were they kept
    expect(resident() - start).toBeLessThan(300e6);
  });
});
