/** For each of three channels, what becomes of each of 256 bytes: [3, 256]. */
export const tablesLength = 3 * 256;

/** Replaces every byte by what its channel's table has for it. @param tables [3, 256] */
export function applyTables(image: Uint8Array, tables: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < image.length; i += 3) {
    out[i] = tables[image[i]!]!;
    out[i + 1] = tables[256 + image[i + 1]!]!;
    out[i + 2] = tables[512 + image[i + 2]!]!;
  }
}

/** How often each byte occurs in each channel. @param into [3, 256], overwritten */
export function countBytes(image: Uint8Array, into: Int32Array): void {
  into.fill(0);
  for (let i = 0; i < image.length; i += 3) {
    into[image[i]!]!++;
    into[256 + image[i + 1]!]!++;
    into[512 + image[i + 2]!]!++;
  }
}
