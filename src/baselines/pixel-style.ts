import { amplitudesOf, withAmplitudes } from './math/amplitudes.js';
import { coloursOf, recolour, type Colours } from './math/colour.js';

/** What an image hands on to others as its style. */
export interface PixelStyle {
  readonly height: number;
  readonly width: number;
  readonly colours: Colours;
  /** Of each channel, [height, width]. */
  readonly amplitudes: readonly Float64Array[];
}

/** @param image [height, width, 3] */
export function pixelStyle(image: Uint8Array, height: number, width: number): PixelStyle {
  const values = unit(image);
  const amplitudes = [0, 1, 2].map((c) => amplitudesOf(channel(values, c), height, width));
  return { height, width, colours: coloursOf(values), amplitudes };
}

/**
 * An image in the style of another, without a network: first its colours get the mean and the covariance of the
 * style's, then each frequency of each channel gets the style's amplitude; phases, and so edges, stay the image's own.
 * @param image [height, width, 3], not changed
 * @param out [height, width, 3], written whole
 */
export function applyPixelStyle(image: Uint8Array, style: PixelStyle, out: Uint8Array): void {
  const values = unit(image);
  recolour(values, coloursOf(values), style.colours);
  style.amplitudes.forEach((amplitudes, c) => {
    const styled = withAmplitudes(channel(values, c), amplitudes, style.height, style.width);
    styled.forEach((value, p) => (out[3 * p + c] = Math.max(0, Math.min(255, Math.round(255 * value)))));
  });
}

/** Bytes to [0, 1]. */
function unit(image: Uint8Array): Float64Array {
  const values = new Float64Array(image.length);
  for (let i = 0; i < image.length; i++) values[i] = image[i]! / 255;
  return values;
}

function channel(values: Float64Array, c: number): Float64Array {
  const out = new Float64Array(values.length / 3);
  for (let p = 0; p < out.length; p++) out[p] = values[3 * p + c]!;
  return out;
}
