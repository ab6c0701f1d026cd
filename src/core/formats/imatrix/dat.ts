import { FormatError } from "../../errors";
import type { RandomAccessFile } from "../../file";
import { limits } from "../../limits";
import { countBytes, countOf, decodeUtf8, quoteName } from "../text";

/** One matrix in llama.cpp's older importance files (formats §2.12). */
export interface DatEntry {
  /** Of the weight, in GGUF spelling. */
  readonly name: string;
  /** What every stored value was multiplied by. */
  readonly calls: number;
  /** Columns, of stacked matrices one after the other. */
  readonly count: number;
  /** Byte offset of the first value, a float32. */
  readonly offset: number;
}

export interface DatContent {
  readonly entries: readonly DatEntry[];
  /** Chunks of text that were run, when the file says so. */
  readonly chunks?: number;
  readonly dataset?: string;
}

const longestName = 1024;
const weightName = /^[\x21-\x7e]+$/;

/** Whether a file begins as an importance file does. It has no signature: counts must make sense, and the name of a weight follow. */
export function isDat(head: Uint8Array, size: number): boolean {
  if (head.length < 12) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const [entries, length] = [view.getInt32(0, true), view.getInt32(4, true)];
  if (entries < 1 || entries > limits.imatrixEntries || length < 1 || length > longestName || head.length < 16 + length) return false;
  const name = decodeUtf8(head.subarray(8, 8 + length));
  const [calls, count] = [view.getInt32(8 + length, true), view.getInt32(12 + length, true)];
  return (
    name !== undefined && weightName.test(name) && /\.weight$/.test(name) && calls >= 0 && count > 0 && 16 + length + 4 * count <= size
  );
}

/** Reads what the entries are, not their values. @throws FormatError `imatrix.*` */
export async function readDat(file: RandomAccessFile): Promise<DatContent> {
  const reader = new DatReader(file);
  const total = await reader.integer("number of entries", 1, limits.imatrixEntries);
  const entries: DatEntry[] = [];
  const names = new Set<string>();
  for (let i = 0; i < total; i++) {
    const name = await reader.text("name", longestName);
    if (names.has(name)) throw reader.failure("imatrix.duplicate", `two entries for ${quoteName(name)}`, "each name once");
    names.add(name);
    const calls = await reader.integer("number of calls", 0, 2 ** 31 - 1);
    const count = await reader.integer("number of values", 1, 2 ** 31 - 1);
    entries.push({ name, calls: Math.max(1, calls), count, offset: reader.at });
    reader.skip(4 * count);
  }
  // What the text was is a later addition.
  if (reader.at === file.size) return { entries };
  const chunks = await reader.integer("number of chunks", 0, 2 ** 31 - 1);
  const dataset = reader.at < file.size ? await reader.text("name of the data set", limits.nameLength) : "";
  return { entries, chunks, ...(dataset === "" ? {} : { dataset }) };
}

class DatReader {
  at = 0;

  constructor(private readonly file: RandomAccessFile) {}

  async integer(what: string, least: number, most: number): Promise<number> {
    const bytes = await this.take(4);
    const value = new DataView(bytes.buffer).getInt32(0, true);
    if (value >= least && value <= most) return value;
    this.at -= 4;
    throw this.failure("imatrix.bad-count", `${value} as ${what}`, `a ${what} from ${countOf(least)} to ${countOf(most)}`);
  }

  async text(what: string, longest: number): Promise<string> {
    const length = await this.integer(`length of a ${what}`, 0, longest);
    const text = decodeUtf8(await this.take(length));
    if (text !== undefined) return text;
    throw this.failure("imatrix.bad-text", `a ${what} that is no UTF-8`, "UTF-8 text");
  }

  skip(bytes: number): void {
    if (this.at + bytes > this.file.size) {
      throw this.failure("imatrix.truncated", `a file of ${countBytes(this.file.size)}`, `${countBytes(bytes)} more`);
    }
    this.at += bytes;
  }

  failure(code: string, found: string, expected: string): FormatError {
    return new FormatError(code, `${quoteName(this.file.name)} is no whole importance matrix: it has ${found}`, {
      file: this.file.name,
      offset: this.at,
      expected,
      found,
      hint: "Make it again with llama-imatrix, or download it again.",
    });
  }

  private async take(count: number): Promise<Uint8Array> {
    const start = this.at;
    this.skip(count);
    const bytes = new Uint8Array(count);
    await this.file.read(start, bytes);
    return bytes;
  }
}
