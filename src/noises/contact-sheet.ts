import type { ImageSize } from './noise.js';

/** Images in rows; each row holds groups of the same number of columns, such as one group for each photo. */
export interface ContactSheet {
  readonly size: ImageSize;
  readonly groups: readonly string[];
  /** Of each group. */
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    /** [height, width, 3] bytes each, group by group. */
    readonly images: readonly Uint8Array[];
  }[];
}

export interface Drawn {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Whether labels are in it: they need a font on the machine. */
  readonly hasLabels: boolean;
}

/** Pixels of the sheet. */
const tileSide = 64;
const gap = 4;
const groupGap = 20;
const margin = 12;
const lineHeight = 18;
const labelWidth = 132;
/** Light grey, so that white images have edges. */
const background = 221;

/** Where everything stands on a sheet. Small images are enlarged by a whole factor, without smoothing. */
export function layOut({ size, groups, columns, rows }: ContactSheet): {
  readonly scale: number;
  readonly width: number;
  readonly height: number;
  /** Left edge of a column of a group. */
  readonly x: (group: number, column: number) => number;
  /** Upper edge of a row. */
  readonly y: (row: number) => number;
} {
  const scale = Math.max(1, Math.floor(tileSide / Math.max(size.height, size.width)));
  const column = size.width * scale + gap;
  const group = columns.length * column - gap + groupGap;
  const row = size.height * scale + gap;
  const [left, top] = [margin + labelWidth, margin + 2 * lineHeight];
  return {
    scale,
    width: left + groups.length * group - groupGap + margin,
    height: top + rows.length * row - gap + margin,
    x: (g, c) => left + g * group + c * column,
    y: (r) => top + r * row,
  };
}

/** The sheet as a PNG: black labels on grey. */
export async function drawSheet(sheet: ContactSheet): Promise<Drawn> {
  const { default: sharp } = await import('sharp');
  const { scale, width, height, x, y } = layOut(sheet);
  const canvas = new Uint8Array(width * height * 3).fill(background);
  for (const [r, { images }] of sheet.rows.entries())
    for (const [i, image] of images.entries()) {
      const column = i % sheet.columns.length;
      const left = x((i - column) / sheet.columns.length, column);
      enlarge(image, sheet.size, scale, canvas, width, y(r), left);
    }
  const hasLabels = await canWrite();
  const labels = hasLabels ? [{ input: Buffer.from(labelsOf(sheet)) }] : [];
  const png = await sharp(canvas, { raw: { width, height, channels: 3 } })
    .composite(labels)
    .png()
    .toBuffer();
  return { png, width, height, hasLabels };
}

function enlarge(
  image: Uint8Array,
  size: ImageSize,
  scale: number,
  canvas: Uint8Array,
  canvasWidth: number,
  top: number,
  left: number,
): void {
  for (let r = 0; r < size.height * scale; r++)
    for (let c = 0; c < size.width * scale; c++) {
      const from = (Math.floor(r / scale) * size.width + Math.floor(c / scale)) * 3;
      canvas.set(image.subarray(from, from + 3), ((top + r) * canvasWidth + left + c) * 3);
    }
}

function labelsOf(sheet: ContactSheet): string {
  const { size, groups, columns, rows } = sheet;
  const { scale, width, height, x, y } = layOut(sheet);
  const [tileWidth, tileHeight] = [size.width * scale, size.height * scale];
  const texts = [
    ...groups.map((group, g) => text(group, x(g, 0), margin + 10, 'start', 'bold')),
    ...groups.flatMap((_, g) =>
      columns.map((column, c) => text(column, x(g, c) + tileWidth / 2, margin + lineHeight + 10, 'middle')),
    ),
    ...rows.map(({ label }, r) => text(label, x(0, 0) - 8, y(r) + tileHeight / 2 + 4, 'end')),
  ];
  return svg(width, height, texts.join(''));
}

function text(words: string, x: number, y: number, anchor: string, weight = 'normal'): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="sans-serif" font-size="13" font-weight="${weight}">${escaped}</text>`;
}

function svg(width: number, height: number, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
}

/** Whether the machine has a font: without one all letters are nothing, or the same box. */
async function canWrite(): Promise<boolean> {
  const { default: sharp } = await import('sharp');
  const pixelsOf = (letter: string): Promise<Buffer> =>
    sharp(Buffer.from(svg(20, 20, text(letter, 2, 15, 'start'))))
      .raw()
      .toBuffer();
  const [a, b] = await Promise.all([pixelsOf('W'), pixelsOf('i')]);
  return !a.equals(b);
}
