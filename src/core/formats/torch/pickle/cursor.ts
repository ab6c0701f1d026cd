import { showUtf8 } from "../../text";

/** A pickle that cannot be followed: where, and why. */
export class PickleError extends Error {
  constructor(
    /** Byte of the pickle's bytes. */
    readonly at: number,
    readonly expected: string,
    readonly found: string,
    /** Whether the bytes end too early: more of them may help. */
    readonly isCut = false,
  ) {
    super(expected);
  }
}

/** Longer integers are no numbers that a checkpoint needs, and cost the square of their length. */
const longBytes = 256;
/** Longer lines of the text opcodes are no names or numbers. */
const lineBytes = 65_536;

/** Reads the arguments of opcodes. Every length is checked against the bytes that are there. */
export class PickleCursor {
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    public at: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(): number {
    return this.bytes[this.skip(1)]!;
  }

  u16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  i32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  u32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  u64(): number {
    const at = this.skip(8);
    const value = Number(this.view.getBigUint64(at, true));
    if (!Number.isSafeInteger(value)) throw new PickleError(at, "a length that a file can have", String(value));
    return value;
  }

  /** Floats are the one thing that has its largest byte first. */
  f64(): number {
    return this.view.getFloat64(this.skip(8));
  }

  take(count: number): Uint8Array {
    const at = this.skip(count);
    return this.bytes.subarray(at, at + count);
  }

  text(count: number): string {
    return showUtf8(this.take(count));
  }

  /** An integer in two's complement, its smallest byte first. */
  long(count: number): number | bigint {
    if (count > longBytes) throw new PickleError(this.at, `an integer of at most ${longBytes} bytes`, `${count} bytes`);
    let value = 0n;
    const bytes = this.take(count);
    for (let index = count - 1; index >= 0; index--) value = (value << 8n) | BigInt(bytes[index]!);
    if (count > 0) value = BigInt.asIntN(8 * count, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  /** The rest of a line, without its end. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw new PickleError(this.bytes.length, "the end of a line", "the end of the data", true);
    if (end - this.at > lineBytes) throw new PickleError(this.at, `a line of at most ${lineBytes} bytes`, `${end - this.at} bytes`);
    const text = this.text(end - this.at);
    this.at = end + 1;
    return text;
  }

  /** Moves on by `count` bytes that are there. Returns where they begin. */
  private skip(count: number): number {
    const { at } = this;
    if (at + count > this.bytes.length) {
      throw new PickleError(at, `${count} more bytes`, `${this.bytes.length - at} before the end of the data`, true);
    }
    this.at = at + count;
    return at;
  }
}
