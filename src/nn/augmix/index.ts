import { autocontrast } from './autocontrast.js';
import { equalize } from './equalize.js';
import type { Operation } from './operation.js';
import { posterize } from './posterize.js';
import { rotate } from './rotate.js';
import { shearX, shearY } from './shear.js';
import { solarize } from './solarize.js';
import { translateX, translateY } from './translate.js';

/**
 * The nine operations of AugMix. Colour, contrast, brightness and sharpness are left out there and here: they are
 * near the noises that networks are tested with.
 */
export const operations: readonly Operation[] = [
  autocontrast,
  equalize,
  posterize,
  rotate,
  solarize,
  shearX,
  shearY,
  translateX,
  translateY,
];
