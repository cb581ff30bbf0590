import { numberFormats, type NumberFormatName } from '../number-formats.js';

/** A run of numbers in a PyTorch file, under its key in the archive. */
export class Storage {
  constructor(
    readonly format: NumberFormatName,
    readonly key: string,
    /** How many numbers it has. */
    readonly count: number,
  ) {}
}

/** A tensor as a view on a storage: many tensors may share one, each with its own offset and strides. */
export class TensorView {
  readonly count: number;

  /**
   * @param offset in numbers, as the strides are
   * @throws {RangeError} when the view leaves its storage
   */
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    if (shape.length !== strides.length)
      throw new RangeError(`a tensor of shape [${shape.join(', ')}] has strides [${strides.join(', ')}]`);
    this.count = shape.reduce((a, b) => a * b, 1);
    const last = shape.reduce((at, size, axis) => at + (size - 1) * strides[axis]!, offset);
    if (this.count > 0 && last >= storage.count)
      throw new RangeError(
        `a tensor of shape [${shape.join(', ')}] ends at number ${last} of a storage of ${storage.count}`,
      );
    if (this.count > maxCount) throw new RangeError(`a tensor of ${this.count} numbers`);
  }

  /** Its numbers in C order. @param bytes all of its storage */
  decode(bytes: Uint8Array): Float32Array {
    const { shape, strides } = this;
    const { bytes: size, decode } = numberFormats[this.storage.format];
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const data = new Float32Array(this.count);
    const position = shape.map(() => 0);
    let at = this.offset;
    for (let i = 0; i < data.length; i++) {
      data[i] = decode(view, at * size);
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        at += strides[axis]!;
        if (++position[axis]! < shape[axis]!) break;
        at -= strides[axis]! * shape[axis]!;
        position[axis] = 0;
      }
    }
    return data;
  }
}

/** A stride of 0 repeats a number without end in the file: a gigabyte is far beyond the networks here. */
const maxCount = 2 ** 28;
