import { Inflate } from "fflate";
import { FormatError } from "../errors";

const damagedHint = "The file is damaged. Download it again.";

/** A raw deflate stream (RFC 1951) that is unpacked block by block; holds what the last block became. */
export class InflateWindow {
  /** Place of the first byte of {@link bytes} among all that are unpacked. */
  start = 0;
  bytes: Uint8Array = new Uint8Array(0);
  private readonly stream = new Inflate((data) => this.take(data));
  private taken = 0;
  private parts: Uint8Array[] = [];

  /** @param file for messages */
  constructor(private readonly file: string | undefined) {}

  /** Place of the first byte that is not yet unpacked. */
  get end(): number {
    return this.start + this.bytes.length;
  }

  /** Unpacks the next block. One of 16 KiB becomes at most some 17 MB. @throws FormatError `zip.bad-deflate` */
  push(block: Uint8Array, isLast: boolean): void {
    this.parts = [];
    this.taken = 0;
    try {
      this.stream.push(block, isLast);
    } catch (error) {
      throw this.damaged("a deflate stream", error instanceof Error ? error.message : "something else");
    }
    this.start = this.end;
    this.bytes = this.parts.length === 1 ? this.parts[0]! : joined(this.parts, this.taken);
  }

  /** The error of a stream that is over before `size` bytes. */
  tooShort(size: number): FormatError {
    return this.damaged(`${size} bytes unpacked`, `${this.end} bytes`);
  }

  private damaged(expected: string, found: string): FormatError {
    return new FormatError("zip.bad-deflate", "A compressed entry cannot be unpacked", {
      file: this.file,
      expected,
      found,
      hint: damagedHint,
    });
  }

  private take(data: Uint8Array): void {
    this.parts.push(data);
    this.taken += data.length;
  }
}

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
