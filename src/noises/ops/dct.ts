/**
 * The integer 8x8 cosine transforms of libjpeg ("islow"), after Loeffler, Ligtenberg and Moschytz 1989, with constants
 * of 13 bits. Blocks are 64 numbers, row by row.
 */
const bits = 13;
const extra = 2;
const fix = (value: number): number => Math.floor(value * (1 << bits) + 0.5);

const c0298 = fix(0.298631336);
const c0390 = fix(0.390180644);
const c0541 = fix(0.5411961);
const c0765 = fix(0.765366865);
const c0899 = fix(0.899976223);
const c1175 = fix(1.175875602);
const c1501 = fix(1.50132111);
const c1847 = fix(1.847759065);
const c1961 = fix(1.96157056);
const c2053 = fix(2.053119869);
const c2562 = fix(2.562915447);
const c3072 = fix(3.072711026);

/** Forward transform in place: the coefficients come out 8 times too large. @param block samples -128…127 */
export function forwardDct(block: Int32Array): void {
  for (let r = 0; r < 64; r += 8) forwardLine(block, r, 1, true);
  for (let c = 0; c < 8; c++) forwardLine(block, c, 8, false);
}

/** Eight numbers that lie `step` apart; the row pass keeps two extra bits, which the column pass takes off. */
function forwardLine(d: Int32Array, at: number, step: number, isRow: boolean): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const s0 = d[at]! + d[i7]!;
  const s1 = d[i1]! + d[i6]!;
  const s2 = d[i2]! + d[i5]!;
  const s3 = d[i3]! + d[i4]!;
  let t4 = d[i3]! - d[i4]!;
  let t5 = d[i2]! - d[i5]!;
  let t6 = d[i1]! - d[i6]!;
  let t7 = d[at]! - d[i7]!;

  const e0 = s0 + s3;
  const e3 = s0 - s3;
  const e1 = s1 + s2;
  const e2 = s1 - s2;
  const shift = isRow ? bits - extra : bits + extra;
  const round = 1 << (shift - 1);
  d[at] = isRow ? (e0 + e1) << extra : (e0 + e1 + (1 << (extra - 1))) >> extra;
  d[i4] = isRow ? (e0 - e1) << extra : (e0 - e1 + (1 << (extra - 1))) >> extra;
  const even = (e2 + e3) * c0541 + round;
  d[i2] = (even + e3 * c0765) >> shift;
  d[i6] = (even - e2 * c1847) >> shift;

  const z5 = (t4 + t6 + t5 + t7) * c1175 + round;
  const z1 = -(t4 + t7) * c0899;
  const z2 = -(t5 + t6) * c2562;
  const z3 = -(t4 + t6) * c1961 + z5;
  const z4 = -(t5 + t7) * c0390 + z5;
  t4 *= c0298;
  t5 *= c2053;
  t6 *= c3072;
  t7 *= c1501;
  d[i7] = (t4 + z1 + z3) >> shift;
  d[i5] = (t5 + z2 + z4) >> shift;
  d[i3] = (t6 + z2 + z3) >> shift;
  d[i1] = (t7 + z1 + z4) >> shift;
}

/** Inverse transform in place, of true coefficients; the samples come out about -128…127 and are not clamped. */
export function inverseDct(block: Int32Array): void {
  for (let c = 0; c < 8; c++) inverseLine(block, c, 8, bits - extra);
  for (let r = 0; r < 64; r += 8) inverseLine(block, r, 1, bits + extra + 3);
}

function inverseLine(d: Int32Array, at: number, step: number, shift: number): void {
  const i1 = at + step;
  const i2 = i1 + step;
  const i3 = i2 + step;
  const i4 = i3 + step;
  const i5 = i4 + step;
  const i6 = i5 + step;
  const i7 = i6 + step;
  const round = 1 << (shift - 1);

  const even = (d[i2]! + d[i6]!) * c0541;
  const e2 = even - d[i6]! * c1847;
  const e3 = even + d[i2]! * c0765;
  const e0 = (d[at]! + d[i4]!) * (1 << bits) + round;
  const e1 = (d[at]! - d[i4]!) * (1 << bits) + round;
  const s0 = e0 + e3;
  const s3 = e0 - e3;
  const s1 = e1 + e2;
  const s2 = e1 - e2;

  const d7 = d[i7]!;
  const d5 = d[i5]!;
  const d3 = d[i3]!;
  const d1 = d[i1]!;
  const z5 = (d7 + d3 + d5 + d1) * c1175;
  const z1 = -(d7 + d1) * c0899;
  const z2 = -(d5 + d3) * c2562;
  const z3 = -(d7 + d3) * c1961 + z5;
  const z4 = -(d5 + d1) * c0390 + z5;
  const t0 = d7 * c0298 + z1 + z3;
  const t1 = d5 * c2053 + z2 + z4;
  const t2 = d3 * c3072 + z2 + z3;
  const t3 = d1 * c1501 + z1 + z4;
  d[at] = (s0 + t3) >> shift;
  d[i7] = (s0 - t3) >> shift;
  d[i1] = (s1 + t2) >> shift;
  d[i6] = (s1 - t2) >> shift;
  d[i2] = (s2 + t1) >> shift;
  d[i5] = (s2 - t1) >> shift;
  d[i3] = (s3 + t0) >> shift;
  d[i4] = (s3 - t0) >> shift;
}
