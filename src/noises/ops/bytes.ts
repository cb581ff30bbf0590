/** v/255 for every byte v, in double precision. */
export const unitOfByte: Float64Array = Float64Array.from({ length: 256 }, (_, v) => v / 255);

/**
 * A value on the 0…1 scale as a byte: clipped, times 255 and *truncated*, as the reference does. Rounding would make
 * images brighter by about a half.
 */
export function byteOfUnit(value: number): number {
  if (value >= 1) return 255;
  return value > 0 ? (value * 255) | 0 : 0; // NaN gives 0
}
