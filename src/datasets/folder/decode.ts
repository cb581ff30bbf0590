import sharp from 'sharp';

export interface DecodedImage {
  readonly height: number;
  readonly width: number;
  /** [height, width, 3] RGB bytes. */
  readonly data: Uint8Array;
}

/**
 * The pixels of a PNG or JPEG file as they are stored: colour profiles and the camera's orientation have no effect,
 * as in the loaders that data sets are made for. Grey becomes three equal channels, transparency is dropped, 16 bits
 * become 8. @throws {Error} in a few words, when it is truncated or no image
 */
export async function decodeImage(bytes: Uint8Array): Promise<DecodedImage> {
  try {
    const { data, info } = await sharp(bytes, { ignoreIcc: true })
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { height: info.height, width: info.width, data };
  } catch (error) {
    throw new Error(whatIsWrong(bytes, error as Error), { cause: error });
  }
}

/** The decoders' own words for a truncated file depend on where it breaks off. */
function whatIsWrong(bytes: Uint8Array, { message }: Error): string {
  if (bytes.length === 0) return 'an empty file';
  if (message.includes('unsupported image format')) return 'not a PNG or JPEG image';
  return `truncated or damaged, ${bytes.length} bytes`;
}

/** The size that an image file states; nothing is decoded. */
export async function imageSize(path: string): Promise<{ height: number; width: number }> {
  const { height, width } = await sharp(path).metadata();
  return { height, width };
}
