import { findDecoder } from "../decode/decoder";
import type { PartRef } from "../fileRef";
import { findDType } from "../tensor/dtype";
import type { ByteSource, OpenSource } from "../views/byteSource";

/** A rectangle of a matrix: rows `[row, row + rows)`, columns `[column, column + columns)`. */
export interface Rectangle {
  row: number;
  rows: number;
  column: number;
  columns: number;
}

/** One part of a packed weight, read by rectangle. */
export class Part {
  private readonly source: ByteSource;
  private readonly itemBytes: number;

  constructor(
    readonly ref: PartRef,
    open: OpenSource,
  ) {
    const type = findDType(ref.dtype);
    if (!type || type.blockSize !== 1) throw new RangeError(`${ref.dtype} cannot be a part of a packed weight`);
    this.itemBytes = type.blockBytes;
    this.source = open(ref.source);
  }

  /** The stored bytes of a rectangle, row-major. */
  bytes({ row, rows, column, columns }: Rectangle): Uint8Array {
    const { itemBytes, source } = this;
    const { offset, columns: width } = this.ref;
    const bytes = new Uint8Array(rows * columns * itemBytes);
    if (columns === width) {
      source.read(offset + row * width * itemBytes, bytes);
      return bytes;
    }
    const length = columns * itemBytes;
    for (let r = 0; r < rows; r++) {
      source.read(offset + ((row + r) * width + column) * itemBytes, bytes.subarray(r * length, (r + 1) * length));
    }
    return bytes;
  }

  /** 32-bit words of a rectangle. */
  words(rectangle: Rectangle): Uint32Array {
    return new Uint32Array(this.bytes(rectangle).buffer);
  }

  /** Values of a rectangle as float32. */
  floats(rectangle: Rectangle): Float32Array {
    const values = new Float32Array(rectangle.rows * rectangle.columns);
    findDecoder(this.ref.dtype)!.decode(this.bytes(rectangle), values);
    return values;
  }

  /** Bytes `[start, start + count)` of the part, whatever its rows. */
  run(start: number, count: number): Uint8Array {
    const bytes = new Uint8Array(count * this.itemBytes);
    this.source.read(this.ref.offset + start * this.itemBytes, bytes);
    return bytes;
  }

  /** Values `[start, start + count)` of the part as float32, whatever its rows. */
  floatRun(start: number, count: number): Float32Array {
    const values = new Float32Array(count);
    findDecoder(this.ref.dtype)!.decode(this.run(start, count), values);
    return values;
  }

  close(): void {
    this.source.close();
  }
}
