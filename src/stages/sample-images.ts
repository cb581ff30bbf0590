import { readNpy, readNpyRows } from '../core/npy.js';
import type { Rng } from '../core/rng.js';
import type { StageContext } from '../pipeline/stage.js';
import { pickSamples, type Evaluation, type SampleImage } from '../report/index.js';

interface Request {
  readonly evaluation: Evaluation;
  /** Of the environment, one for each noisy sample of the evaluation. */
  readonly rows: readonly number[];
  /** Of the environment. */
  readonly noises: readonly string[];
  /** Names in the order of the labels. */
  readonly classes: readonly string[];
  readonly rng: Rng;
}

/** Some images of an environment that a repair mended, did not mend or broke, drawn at random. */
export async function sampleImages(
  { input }: Pick<StageContext, 'input'>,
  { evaluation, rows, noises, classes, rng }: Request,
): Promise<SampleImage[]> {
  const { method, environment, repeat, noisy } = evaluation;
  const corrupt = `corrupt/${environment}`;
  const noiseOf = (await readNpy<Uint8Array>(input(corrupt, 'noise.npy'))).data;
  const imageOf = async (i: number) => ({
    method,
    environment,
    repeat,
    baseImage: noisy.baseImage[i]!,
    severity: noisy.severity[i]!,
    noise: noises[noiseOf[rows[i]!]!]!,
    label: classes[noisy.label[i]!]!,
    original: classes[noisy.original[i]!]!,
    repaired: classes[noisy.repaired[i]!]!,
    png: await pngOf(input(corrupt, 'images.npy'), rows[i]!),
  });
  const picked = pickSamples(evaluation, rng).flatMap(({ indices, ...group }) =>
    indices.map(async (i): Promise<SampleImage> => ({ ...group, ...(await imageOf(i)) })),
  );
  return Promise.all(picked);
}

/** One image as a PNG, base64. It is not compressed: how zlib compresses differs between machines. */
async function pngOf(images: string, row: number): Promise<string> {
  const { data, shape } = await readNpyRows<Uint8Array>(images, row, row + 1);
  const [, height, width] = shape as [number, number, number, number];
  return pngText(data, height, width);
}

/** @param data [height, width, 3] */
export async function pngText(data: Uint8Array, height: number, width: number): Promise<string> {
  const { default: sharp } = await import('sharp');
  const png = await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  return png.toString('base64');
}
