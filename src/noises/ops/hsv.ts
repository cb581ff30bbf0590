/**
 * Raises the value V of one pixel in HSV space and writes it back, operation by operation as scikit-image does: for
 * hue, a later channel that is also the maximum overrides an earlier one.
 * @param pixel [r, g, b] on the 0…1 scale, overwritten; results may pass 1 by rounding
 * @param added to V, which stops at 1
 */
export function raiseValue(pixel: Float64Array, added: number): void {
  const red = pixel[0]!;
  const green = pixel[1]!;
  const blue = pixel[2]!;
  const most = Math.max(red, green, blue);
  const delta = most - Math.min(red, green, blue);
  const saturation = delta === 0 ? 0 : delta / most;
  const sixth = hueTimes6(red, green, blue, most, delta) / 6;
  const hue = sixth < 0 ? sixth + 1 : sixth;

  const v = Math.min(most + added, 1);
  const sector = Math.floor(hue * 6);
  const f = hue * 6 - sector;
  const p = v * (1 - saturation);
  const q = v * (1 - f * saturation);
  const t = v * (1 - (1 - f) * saturation);
  switch (sector) {
    case 1:
      set(pixel, q, v, p);
      return;
    case 2:
      set(pixel, p, v, t);
      return;
    case 3:
      set(pixel, p, q, v);
      return;
    case 4:
      set(pixel, t, p, v);
      return;
    case 5:
      set(pixel, v, p, q);
      return;
    default: // 0, and 6 when rounding brings the hue to a full turn
      set(pixel, v, t, p);
  }
}

function hueTimes6(red: number, green: number, blue: number, most: number, delta: number): number {
  if (delta === 0) return 0;
  if (blue === most) return 4 + (red - green) / delta;
  if (green === most) return 2 + (blue - red) / delta;
  return (green - blue) / delta;
}

function set(pixel: Float64Array, red: number, green: number, blue: number): void {
  pixel[0] = red;
  pixel[1] = green;
  pixel[2] = blue;
}
