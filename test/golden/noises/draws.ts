import type { TypedArray } from '../../../src/core/npy.js';

/** The stored draws of a golden case in the form that `apply` takes. */
export function drawsOfGolden(name: string, stored: Record<string, TypedArray | number>): unknown {
  switch (name) {
    case 'impulse_noise':
      return { flip: stored['u_flip'], salt: stored['u_salt'] };
    case 'glass_blur':
      return { shifts: stored['dxdy'] };
    case 'motion_blur':
      return { angleDeg: stored['angle_deg'] };
    case 'snow':
      return { z: stored['z'], angleDeg: stored['angle_deg'] };
    case 'frost':
      return { crop: stored['crop_rgb'] };
    case 'elastic_transform':
      return { points: stored['u_points'], fieldX: stored['u_dx'], fieldY: stored['u_dy'] };
    default:
      return stored;
  }
}
