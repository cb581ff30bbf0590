/** What a pickle can be wrong in, without place; `unpickle` adds the place. */
export class PickleProblem extends Error {}

/** The bytes of a pickle, read from the front. */
export class PickleSource {
  offset = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor({ buffer, byteOffset, byteLength }: Uint8Array) {
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength); // a Buffer's slice would be no copy
    this.view = new DataView(buffer, byteOffset, byteLength);
  }

  /** Moves over `count` bytes and says where they begin. */
  private take(count: number): number {
    const left = this.bytes.length - this.offset;
    if (count > left) throw new PickleProblem(`it ends after ${left} of ${count} bytes`);
    const start = this.offset;
    this.offset += count;
    return start;
  }

  uint8(): number {
    return this.view.getUint8(this.take(1));
  }

  uint16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  int32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  /** A length of 8 bytes. Beyond 2^53 it loses digits, but then it is beyond every file too. */
  uint64(): number {
    return Number(this.view.getBigUint64(this.take(8), true));
  }

  /** Big endian, unlike everything else in a pickle. */
  float64(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  /** A copy of the next bytes. */
  raw(count: number): Uint8Array<ArrayBuffer> {
    if (count < 0) throw new PickleProblem(`it declares ${count} bytes`);
    const start = this.take(count);
    return this.bytes.slice(start, start + count);
  }

  utf8(count: number): string {
    return Buffer.from(this.raw(count).buffer).toString('utf8');
  }

  /** One character a byte. */
  latin1(count: number): string {
    return Buffer.from(this.raw(count).buffer).toString('latin1');
  }

  /** The text up to the end of the line, which is passed over. */
  line(): string {
    const end = this.bytes.indexOf(10, this.offset);
    if (end < 0) throw new PickleProblem('it ends inside a line');
    const text = this.latin1(end - this.offset);
    this.offset = end + 1;
    return text;
  }

  /** A whole number, little endian in two's complement; a bigint where a number would lose digits. */
  integer(count: number): number | bigint {
    const hex = Buffer.from(this.raw(count).reverse().buffer).toString('hex');
    return exact(hex === '' ? 0n : BigInt.asIntN(8 * count, BigInt(`0x${hex}`)));
  }
}

/** A number where it holds all digits. */
export function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
