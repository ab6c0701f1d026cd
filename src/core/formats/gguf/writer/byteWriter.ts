const encoder = new TextEncoder();

/** A growing little-endian byte buffer: headers are built in it, never weights. */
export class ByteWriter {
  private buffer = new Uint8Array(4096);
  private view = new DataView(this.buffer.buffer);
  private at = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.at;
  }

  u8(value: number): void {
    const at = this.room(1);
    this.view.setUint8(at, value);
  }
  i8(value: number): void {
    const at = this.room(1);
    this.view.setInt8(at, value);
  }
  u16(value: number): void {
    const at = this.room(2);
    this.view.setUint16(at, value, true);
  }
  i16(value: number): void {
    const at = this.room(2);
    this.view.setInt16(at, value, true);
  }
  u32(value: number): void {
    const at = this.room(4);
    this.view.setUint32(at, value, true);
  }
  i32(value: number): void {
    const at = this.room(4);
    this.view.setInt32(at, value, true);
  }
  f32(value: number): void {
    const at = this.room(4);
    this.view.setFloat32(at, value, true);
  }
  f64(value: number): void {
    const at = this.room(8);
    this.view.setFloat64(at, value, true);
  }
  u64(value: number | bigint): void {
    const at = this.room(8);
    this.view.setBigUint64(at, BigInt(value), true);
  }
  i64(value: number | bigint): void {
    const at = this.room(8);
    this.view.setBigInt64(at, BigInt(value), true);
  }

  bytes(bytes: Uint8Array): void {
    const at = this.room(bytes.length);
    this.buffer.set(bytes, at);
  }

  /** GGUF's string: a 64-bit length and UTF-8 without terminator. */
  string(text: string): void {
    const bytes = encoder.encode(text);
    this.u64(bytes.length);
    this.bytes(bytes);
  }

  /** Zeros up to the next multiple of `alignment`. */
  pad(alignment: number): void {
    this.room((alignment - (this.at % alignment)) % alignment);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.at);
  }

  private room(count: number): number {
    const at = this.at;
    this.at += count;
    if (this.at > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.at, 2 * this.buffer.length));
      larger.set(this.buffer);
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}
