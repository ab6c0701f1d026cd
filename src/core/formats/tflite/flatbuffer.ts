import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import { countBytes, countOf } from "../text";

const blockBytes = 65_536;
const keptBlocks = 32;

/** Elements of a flatbuffer, one after the other. */
export interface FlatVector {
  /** Byte offset of the first element. */
  readonly start: number;
  readonly length: number;
}

/** Reads a flatbuffer by range, in blocks of which a few are kept; every position is checked against the file's size. */
export class FlatReader {
  private readonly blocks = new Map<number, DataView>();

  constructor(readonly file: RandomAccessFile) {}

  /** `count` bytes at `at`. @throws FormatError `tflite.bad-offset` */
  async view(at: number, count: number): Promise<DataView> {
    if (!(at >= 0 && at + count <= this.file.size)) {
      throw this.failure("tflite.bad-offset", at, `an offset within the file's ${countBytes(this.file.size)}`, countOf(at));
    }
    const index = Math.floor(at / blockBytes);
    const from = at - index * blockBytes;
    if (from + count <= blockBytes) {
      const block = await this.block(index);
      return new DataView(block.buffer, from, count);
    }
    const bytes = new Uint8Array(count);
    await this.file.read(at, bytes);
    return new DataView(bytes.buffer);
  }

  async u32(at: number): Promise<number> {
    return (await this.view(at, 4)).getUint32(0, true);
  }

  /** The vector to which the offset stored at `at` leads. @throws FormatError `tflite.bad-offset`, `tflite.bad-count` */
  async vector(at: number, elementBytes: number): Promise<FlatVector> {
    const position = at + (await this.u32(at));
    const length = await this.u32(position);
    const start = position + 4;
    const most = Math.floor((this.file.size - start) / elementBytes);
    if (length > most) throw this.failure("tflite.bad-count", position, `at most ${countOf(most)} elements`, countOf(length));
    return { start, length };
  }

  /** The table to which the offset stored at `at` leads. */
  async table(at: number): Promise<FlatTable> {
    return FlatTable.read(this, at + (await this.u32(at)));
  }

  failure(code: string, offset: number, expected: string, found: string): FormatError {
    return new FormatError(code, `The structure of "${this.file.name}" leads nowhere`, {
      file: this.file.name,
      // What leads outside is told by the nearest place in the file.
      offset: Math.max(0, Math.min(offset, this.file.size)),
      expected,
      found,
      hint: "The file is damaged, or was cut short. Download it again.",
    });
  }

  private async block(index: number): Promise<DataView> {
    const kept = this.blocks.get(index);
    if (kept) return kept;
    const start = index * blockBytes;
    const bytes = new Uint8Array(Math.min(blockBytes, this.file.size - start));
    await this.file.read(start, bytes);
    const [oldest] = this.blocks.keys();
    if (oldest !== undefined && this.blocks.size >= keptBlocks) this.blocks.delete(oldest);
    const block = new DataView(bytes.buffer);
    this.blocks.set(index, block);
    return block;
  }
}

/** A table of a flatbuffer: fields found through its vtable, absent ones undefined. */
export class FlatTable {
  private constructor(
    private readonly reader: FlatReader,
    private readonly position: number,
    private readonly fields: readonly number[],
  ) {}

  /** @throws FormatError when the table or its vtable lies outside the file */
  static async read(reader: FlatReader, position: number): Promise<FlatTable> {
    const vtable = position - (await reader.view(position, 4)).getInt32(0, true);
    const bytes = (await reader.view(vtable, 2)).getUint16(0, true);
    if (bytes < 4 || bytes % 2 !== 0) throw reader.failure("tflite.bad-table", vtable, "an even size of at least 4", String(bytes));
    const view = await reader.view(vtable, bytes);
    const fields = Array.from({ length: (bytes - 4) / 2 }, (_, slot) => view.getUint16(4 + 2 * slot, true));
    return new FlatTable(reader, position, fields);
  }

  /** Byte offset of the field in a slot, undefined when the table has none. */
  place(slot: number): number | undefined {
    const field = this.fields[slot] ?? 0;
    return field === 0 ? undefined : this.position + field;
  }

  async u32(slot: number, absent = 0): Promise<number> {
    const at = this.place(slot);
    return at === undefined ? absent : this.reader.u32(at);
  }

  async u8(slot: number): Promise<number> {
    const at = this.place(slot);
    return at === undefined ? 0 : (await this.reader.view(at, 1)).getUint8(0);
  }

  async u64(slot: number): Promise<number> {
    const at = this.place(slot);
    return at === undefined ? 0 : Number((await this.reader.view(at, 8)).getBigUint64(0, true));
  }

  /** @param elementBytes of one element */
  async vector(slot: number, elementBytes: number): Promise<FlatVector> {
    const at = this.place(slot);
    return at === undefined ? { start: 0, length: 0 } : this.reader.vector(at, elementBytes);
  }

  async table(slot: number): Promise<FlatTable | undefined> {
    const at = this.place(slot);
    return at === undefined ? undefined : this.reader.table(at);
  }
}
