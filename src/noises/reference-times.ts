/**
 * What the reference implementation (Python with NumPy, OpenCV, SciPy and ImageMagick) took for one 32x32 image, in
 * milliseconds of one core, the mean of all severities. Measured once, on another machine: a measure of scale.
 */
export const referenceMs: Readonly<Record<string, number>> = {
  gaussian_noise: 0.12,
  shot_noise: 0.23,
  impulse_noise: 0.14,
  defocus_blur: 0.21,
  glass_blur: 10.5,
  motion_blur: 1.04,
  zoom_blur: 2.6,
  snow: 1.5,
  frost: 0.14,
  fog: 0.45,
  brightness: 0.41,
  contrast: 0.08,
  elastic_transform: 0.51,
  pixelate: 0.04,
  jpeg_compression: 0.11,
};
