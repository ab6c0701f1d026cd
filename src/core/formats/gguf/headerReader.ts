import { FormatError, type DiagnosticFields } from "../../errors";
import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import { showUtf8, countBytes } from "../text";

const firstWindowBytes = 1 << 16;
const largestWindowBytes = 1 << 22;

/**
 * Reads a GGUF header front to back through a window that grows from 64 KiB to 4 MiB: small headers cost one small read,
 * large ones few. Numbers are read synchronously once {@link need} has brought their bytes in.
 */
export class HeaderReader {
  private bytes = new Uint8Array(0);
  private view = new DataView(this.bytes.buffer);
  /** Offset of the window in the file. */
  private base: number;
  /** Next byte, and end of what was read, in the window. */
  private at = 0;
  private end = 0;
  private windowBytes = firstWindowBytes;

  constructor(
    readonly file: RandomAccessFile,
    position = 0,
  ) {
    this.base = position;
  }

  /** Offset in the file of the next byte. */
  get position(): number {
    return this.base + this.at;
  }

  /** Bytes from here to the end of the file. */
  get remaining(): number {
    return this.file.size - this.position;
  }

  /** Makes `count` bytes available to the synchronous methods. Callers have checked `count` against a limit. */
  need(count: number): Promise<void> | undefined {
    return this.end - this.at >= count ? undefined : this.fill(count);
  }

  u8(): number {
    return this.view.getUint8(this.advance(1));
  }
  i8(): number {
    return this.view.getInt8(this.advance(1));
  }
  u16(): number {
    return this.view.getUint16(this.advance(2), true);
  }
  i16(): number {
    return this.view.getInt16(this.advance(2), true);
  }
  u32(): number {
    return this.view.getUint32(this.advance(4), true);
  }
  i32(): number {
    return this.view.getInt32(this.advance(4), true);
  }
  f32(): number {
    return this.view.getFloat32(this.advance(4), true);
  }
  f64(): number {
    return this.view.getFloat64(this.advance(8), true);
  }
  u64(): bigint {
    return this.view.getBigUint64(this.advance(8), true);
  }
  i64(): bigint {
    return this.view.getBigInt64(this.advance(8), true);
  }

  /** A u64 as a number: exact up to 2^53, which every limit is below; rounded, but still too large, beyond. */
  count(): number {
    const at = this.advance(8);
    return this.view.getUint32(at, true) + this.view.getUint32(at + 4, true) * 2 ** 32;
  }

  /** The next `count` bytes, valid until the next call. */
  take(count: number): Uint8Array {
    const at = this.advance(count);
    return this.bytes.subarray(at, at + count);
  }

  /** The next `count` bytes, which stay next; valid until the next call. */
  peek(count: number): Uint8Array {
    return this.bytes.subarray(this.at, this.at + count);
  }

  /** A length-prefixed string. Bytes that are not UTF-8 are shown as `\xHH`. */
  async string(limit: number = limits.ggufStringBytes): Promise<string> {
    await this.need(8);
    const start = this.position;
    const length = this.count();
    this.checkLength(start, length, limit);
    await this.need(length);
    return showUtf8(this.take(length));
  }

  /** Moves past `count` bytes without reading them. */
  skip(count: number): void {
    if (count > this.remaining) throw this.cut(count);
    this.at += count;
  }

  /** Moves past `count` strings. Pushes the offset of every `stride`-th to `anchors`. */
  async skipStrings(count: number, stride: number, anchors: number[]): Promise<void> {
    let index = 0;
    while (index < count) {
      await this.need(8);
      const { view, base } = this;
      const last = this.end - 8;
      let at = this.at;
      while (index < count && at <= last) {
        if (index % stride === 0) anchors.push(base + at);
        const length = view.getUint32(at, true);
        if (length > limits.ggufStringBytes || view.getUint32(at + 4, true) !== 0) {
          this.at = at;
          this.checkLength(base + at, this.count(), limits.ggufStringBytes);
        }
        at += 8 + length;
        index++;
      }
      if (base + at > this.file.size) throw this.cut(base + at - this.file.size);
      this.at = at;
    }
  }

  fail(code: string, message: string, fields: DiagnosticFields): FormatError {
    return new FormatError(code, message, { file: this.file.name, offset: this.position, ...fields });
  }

  private advance(count: number): number {
    const at = this.at;
    this.at = at + count;
    return at;
  }

  private checkLength(offset: number, length: number, limit: number): void {
    if (length > limit) {
      throw this.fail("gguf.string-too-long", "A string in the header is too long", {
        offset,
        expected: `at most ${countBytes(limit)}`,
        found: countBytes(length),
        hint: "The header is damaged. Download the file again.",
      });
    }
    if (length > this.file.size - offset - 8) throw this.cut(length);
  }

  private async fill(count: number): Promise<void> {
    if (count > this.remaining) throw this.cut(count);
    if (this.position + count > limits.ggufHeaderBytes) {
      throw this.fail("gguf.header-too-large", `The header of "${this.file.name}" does not end`, {
        expected: `a header of at most ${countBytes(limits.ggufHeaderBytes)}`,
        found: "more",
        hint: "The header is damaged. Download the file again.",
      });
    }
    const length = Math.min(this.remaining, Math.max(count, this.windowBytes));
    this.windowBytes = Math.min(2 * this.windowBytes, largestWindowBytes);
    const position = this.position;
    if (length > this.bytes.length) {
      this.bytes = new Uint8Array(length);
      this.view = new DataView(this.bytes.buffer);
    }
    this.base = position;
    this.at = 0;
    this.end = 0;
    await this.file.read(position, this.bytes.subarray(0, length));
    this.end = length;
  }

  private cut(count: number): FormatError {
    return this.fail("gguf.header-cut", `"${this.file.name}" ends inside its header`, {
      expected: `${countBytes(count)} more`,
      found: `the end after ${countBytes(Math.max(0, this.remaining))}`,
      hint: "The download or copy was interrupted. Download the file again.",
    });
  }
}
