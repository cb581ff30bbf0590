import type { Rng } from '../../core/rng.js';
import { outlines } from './outlines.js';

/** Samples across a pixel, for soft edges. */
const across = 3;

/** Red, green, blue. */
type Colour = readonly number[];

/**
 * Draws one image of a class: a light shape of any colour, place, size and slant on a darker ground of two mixed
 * colours that is lighter above than below, with dots and noise. Only + - * / and comparisons, so the bytes are the
 * same everywhere.
 * @param side of the image in pixels; what is drawn grows with it, dots and noise are as fine as the pixels
 * @param out side x side x 3 bytes, RGB
 */
export function drawShape(label: number, rng: Rng, side: number, out: Uint8Array): void {
  const inside = outlines[label]![1];
  const ground = drawGround(rng.child('ground'), side);
  const pose = rng.child('pose');
  const unit = side / 32;
  const radius = pose.uniform(7.5, 12) * unit;
  const centre = [
    pose.uniform(radius - unit, side + unit - radius),
    pose.uniform(radius - unit, side + unit - radius),
  ] as const;
  // cos and sin of up to about 17 degrees, without trigonometry: t is the tangent of half the angle
  const t = pose.uniform(-0.15, 0.15);
  const cos = (1 - t * t) / (1 + t * t);
  const sin = (2 * t) / (1 + t * t);
  const colour = colourBetween(rng.child('colour'), 110, 240);
  const noise = rng.child('noise');
  const strength = noise.uniform(4, 28);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let hits = 0;
      for (let sample = 0; sample < across * across; sample++) {
        const dx = (x + ((sample % across) + 0.5) / across - centre[0]) / radius;
        const dy = (y + (Math.floor(sample / across) + 0.5) / across - centre[1]) / radius;
        if (inside(dx * cos + dy * sin, dy * cos - dx * sin)) hits++;
      }
      const cover = hits / (across * across);
      for (let c = 0; c < 3; c++) {
        const at = (y * side + x) * 3 + c;
        const value = ground[at]! * (1 - cover) + colour[c]! * cover + strength * noise.uniform(-1, 1);
        out[at] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
}

/** Two colours mixed by a coarse random field, a fall of light from top to bottom, and a few dots. */
function drawGround(rng: Rng, side: number): Float64Array {
  const one = colourBetween(rng, 20, 130);
  const two = one.map((value) => value + rng.uniform(-40, 40));
  const cells = 5;
  const field = Float64Array.from({ length: (cells + 1) * (cells + 1) }, () => rng.double());
  const light = rng.uniform(15, 40);
  const pixels = new Float64Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const mix = bilinear(field, cells + 1, (x / side) * cells, (y / side) * cells);
      const shade = light * (1 - (2 * y) / (side - 1));
      for (let c = 0; c < 3; c++)
        pixels[(y * side + x) * 3 + c] = one[c]! * (1 - mix) + two[c]! * mix + shade;
    }
  }
  for (let dots = rng.int(9); dots > 0; dots--) {
    const at = 3 * (rng.int(side - 1) * side + rng.int(side - 1));
    const colour = colourBetween(rng, 20, 235);
    for (const corner of [0, 3, side * 3, side * 3 + 3])
      for (let c = 0; c < 3; c++) pixels[at + corner + c] = colour[c]!;
  }
  return pixels;
}

function bilinear(field: Float64Array, width: number, x: number, y: number): number {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const [fx, fy] = [x - left, y - top];
  const at = (row: number, column: number): number => field[(top + row) * width + left + column]!;
  return (at(0, 0) * (1 - fx) + at(0, 1) * fx) * (1 - fy) + (at(1, 0) * (1 - fx) + at(1, 1) * fx) * fy;
}

/** Each channel in [low, high). */
function colourBetween(rng: Rng, low: number, high: number): Colour {
  return [rng.uniform(low, high), rng.uniform(low, high), rng.uniform(low, high)];
}
