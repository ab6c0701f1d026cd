import { FormatError } from "../../errors";
import type { PagedReader } from "../pagedReader";
import { countBytes, quoteName, showUtf8 } from "../text";

/** Types of the wire format of protocol buffers (protobuf.dev/programming-guides/encoding). */
export const varint = 0;
export const fixed64 = 1;
export const delimited = 2;
export const fixed32 = 5;

/** A byte range of the file. */
export interface Range {
  readonly offset: number;
  readonly bytes: number;
}

/** One field of a message: its payload is never read, only found. */
export interface WireField extends Range {
  readonly number: number;
  readonly wire: number;
  /** Of a varint: its low 64 bits as an unsigned number, rounded beyond 2^53. */
  readonly value: number;
  /** Where the field begins: its tag. */
  readonly start: number;
}

/** A varint takes at most 10 bytes; a tag and a length or number, two of them. */
const headBytes = 20;
const varintBytes = 10;

/**
 * The fields of the message in `range`, one after the other. Where the file ends before the message does, the last field that
 * is found keeps the length it claims.
 * @throws FormatError `onnx.bad-message`
 */
export async function* fieldsOf(reader: PagedReader, { offset, bytes }: Range): AsyncGenerator<WireField> {
  const end = offset + bytes;
  for (let at = offset; at < Math.min(end, reader.file.size);) {
    const head = await reader.take(at, Math.min(headBytes, end - at));
    const tag = readVarint(head, 0);
    if (!tag) {
      if (at + head.length >= reader.file.size) return;
      throw badMessage(reader, at, "the tag of a field", "none");
    }
    const number = Math.floor(tag.value / 8);
    const wire = tag.value % 8;
    if (number < 1 || number >= 2 ** 29) throw badMessage(reader, at, "a field number from 1 to 2^29", String(number));
    let start = at + tag.bytes;
    let size = wire === fixed64 ? 8 : wire === fixed32 ? 4 : 0;
    let value = 0;
    if (wire === varint || wire === delimited) {
      const count = readVarint(head, tag.bytes);
      if (!count) {
        if (at + head.length >= reader.file.size) return;
        throw badMessage(reader, start, "a number of at most 10 bytes", "a longer one");
      }
      value = count.value;
      size = wire === varint ? count.bytes : value;
      if (wire === delimited) start += count.bytes;
    } else if (size === 0) throw badMessage(reader, at, "a field of wire type 0, 1, 2 or 5", `wire type ${wire}`);
    if (!Number.isSafeInteger(start + size) || start + size > end) {
      throw badMessage(reader, at, `a field within its message, which ends at byte ${end}`, countBytes(size));
    }
    yield { number, wire, value, start: at, offset: start, bytes: size };
    at = start + size;
  }
}

/** The text of a field, or undefined when it is longer than `limit` bytes or the file ends before it does. */
export async function textOf(reader: PagedReader, { offset, bytes }: Range, limit: number): Promise<string | undefined> {
  if (bytes > limit || offset + bytes > reader.file.size) return undefined;
  return showUtf8(await reader.take(offset, bytes));
}

/** The varint at `at`, or undefined when it does not end within `bytes` or within ten bytes. Bits beyond the 64th are dropped. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; bytes: number } | undefined {
  let [value, unit] = [0, 1];
  for (let index = 0; index < varintBytes; index++) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value += (index === varintBytes - 1 ? byte & 1 : byte & 0x7f) * unit;
    if (byte < 0x80) return { value, bytes: index + 1 };
    unit *= 128;
  }
  return undefined;
}

function badMessage(reader: PagedReader, offset: number, expected: string, found: string): FormatError {
  return new FormatError("onnx.bad-message", `${quoteName(reader.file.name)} is damaged: its protocol buffers cannot be followed`, {
    file: reader.file.name,
    offset,
    expected,
    found,
    hint: "Download or export the model again.",
  });
}
