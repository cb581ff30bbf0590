/** How numbers lie in files of weights, little endian: under the names that safetensors has for them. */
export const numberFormats = {
  F64: { bytes: 8, decode: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, decode: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, decode: (view, at) => halfToNumber(view.getUint16(at, true)) },
  BF16: { bytes: 2, decode: (view, at) => bfloatToNumber(view.getUint16(at, true)) },
  I64: { bytes: 8, decode: (view, at) => Number(view.getBigInt64(at, true)) },
  I32: { bytes: 4, decode: (view, at) => view.getInt32(at, true) },
  I16: { bytes: 2, decode: (view, at) => view.getInt16(at, true) },
  I8: { bytes: 1, decode: (view, at) => view.getInt8(at) },
  U8: { bytes: 1, decode: (view, at) => view.getUint8(at) },
  BOOL: { bytes: 1, decode: (view, at) => view.getUint8(at) },
} as const satisfies Record<string, NumberFormat>;

export type NumberFormatName = keyof typeof numberFormats;

interface NumberFormat {
  readonly bytes: number;
  readonly decode: (view: DataView, at: number) => number;
}

/** IEEE 754 binary16 bits as a number. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

const word = new DataView(new ArrayBuffer(4));

/** A bfloat16 is the upper half of a float32. */
function bfloatToNumber(bits: number): number {
  word.setUint32(0, bits * 65536);
  return word.getFloat32(0);
}
