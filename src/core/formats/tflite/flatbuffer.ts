import { FormatError } from "../../errors";
import { limits } from "../../limits";
import type { PagedReader } from "../pagedReader";
import { countBytes, quoteName, showUtf8 } from "../text";

/** A vector of a flatbuffer: where its elements are. */
export interface FlatVector {
  /** Byte of the first element in the file. */
  readonly offset: number;
  readonly length: number;
}

/** Reads tables of a flatbuffer (flatbuffers.dev/internals) by range; what lies outside of the file is refused. */
export class Flatbuffer {
  constructor(private readonly reader: PagedReader) {}

  get bytes(): number {
    return this.reader.file.size;
  }

  /** The table that the u32 at `at` points to. @throws FormatError `tflite.out-of-bounds` like all others */
  async tableAt(at: number): Promise<FlatTable> {
    const position = await this.follow(at);
    const vtable = position - (await this.view(position, 4)).getInt32(0, true);
    const head = await this.view(vtable, 4);
    const size = head.getUint16(0, true);
    return new FlatTable(this, position, await this.view(vtable, Math.max(4, size)), head.getUint16(2, true));
  }

  /** Where the u32 at `at` points to: its value is relative to itself. */
  async follow(at: number): Promise<number> {
    return at + (await this.view(at, 4)).getUint32(0, true);
  }

  /** The vector that the u32 at `at` points to. Its elements are checked to be in the file, unless `isLoose`. */
  async vectorAt(at: number, itemBytes: number, isLoose = false): Promise<FlatVector> {
    const position = await this.follow(at);
    const length = (await this.view(position, 4)).getUint32(0, true);
    const offset = position + 4;
    if (!isLoose && offset + length * itemBytes > this.bytes) throw this.outside(offset, length * itemBytes);
    return { offset, length };
  }

  /** `count` bytes, which are in the file; `count` is at most 65,535. */
  async view(offset: number, count: number): Promise<DataView> {
    if (!(offset >= 0 && offset + count <= this.bytes)) throw this.outside(offset, count);
    const bytes = await this.reader.take(offset, count);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The text of a vector of bytes, cut to the length of names. */
  async text({ offset, length }: FlatVector): Promise<string> {
    return showUtf8(await this.reader.take(offset, Math.min(length, limits.nameLength)));
  }

  private outside(offset: number, count: number): FormatError {
    return new FormatError("tflite.out-of-bounds", `${quoteName(this.reader.file.name)} points outside of itself`, {
      file: this.reader.file.name,
      offset: offset >= 0 ? offset : 0,
      expected: `${countBytes(count)} within the ${countBytes(this.bytes)} of the file`,
      found: `an end at byte ${offset + count}`,
      hint: "The file is damaged, or its download was interrupted. Download it again.",
    });
  }
}

/** One table: its fields by their slots, in the order of the schema. Absent fields have their default. */
export class FlatTable {
  constructor(
    private readonly buffer: Flatbuffer,
    /** Byte of the file at which it begins. */
    readonly position: number,
    private readonly vtable: DataView,
    private readonly objectBytes: number,
  ) {}

  async u8(slot: number): Promise<number> {
    return (await this.scalar(slot, 1))?.getUint8(0) ?? 0;
  }

  async u32(slot: number): Promise<number> {
    return (await this.scalar(slot, 4))?.getUint32(0, true) ?? 0;
  }

  async i32(slot: number): Promise<number> {
    return (await this.scalar(slot, 4))?.getInt32(0, true) ?? 0;
  }

  /** A u64 as a number, rounded beyond 2^53. */
  async u64(slot: number): Promise<number> {
    return Number((await this.scalar(slot, 8))?.getBigUint64(0, true) ?? 0n);
  }

  async table(slot: number): Promise<FlatTable | undefined> {
    const at = this.field(slot, 4);
    return at === undefined ? undefined : this.buffer.tableAt(at);
  }

  async vector(slot: number, itemBytes: number, isLoose = false): Promise<FlatVector | undefined> {
    const at = this.field(slot, 4);
    return at === undefined ? undefined : this.buffer.vectorAt(at, itemBytes, isLoose);
  }

  async text(slot: number): Promise<string> {
    const vector = await this.vector(slot, 1);
    return vector ? this.buffer.text(vector) : "";
  }

  private async scalar(slot: number, bytes: number): Promise<DataView | undefined> {
    const at = this.field(slot, bytes);
    return at === undefined ? undefined : this.buffer.view(at, bytes);
  }

  /** Byte of the file at which a field is. */
  private field(slot: number, bytes: number): number | undefined {
    const entry = 4 + 2 * slot;
    if (entry + 2 > this.vtable.byteLength) return undefined;
    const offset = this.vtable.getUint16(entry, true);
    return offset === 0 || offset + bytes > this.objectBytes ? undefined : this.position + offset;
  }
}
