import type { MetadataEntry } from "../../../tensor/checkpoint";
import { ByteWriter } from "./byteWriter";

/** Types of values in a GGUF header, as their readers show them. */
export type GgufScalarType = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "bool" | "string" | "u64" | "i64" | "f64";

/** A key of a header and its value as it is stored: the type's number, then the value. */
export interface KeyValue {
  readonly key: string;
  readonly stored: Uint8Array;
}

type ScalarValue = string | number | bigint | boolean;

interface ScalarWriter {
  id: number;
  write(out: ByteWriter, value: ScalarValue): void;
}

const integer = (value: ScalarValue): bigint => BigInt(value as number | bigint);

/** `gguf_metadata_value_type` of the GGUF specification. */
const scalars: Readonly<Record<GgufScalarType, ScalarWriter>> = {
  u8: { id: 0, write: (out, value) => out.u8(Number(value)) },
  i8: { id: 1, write: (out, value) => out.i8(Number(value)) },
  u16: { id: 2, write: (out, value) => out.u16(Number(value)) },
  i16: { id: 3, write: (out, value) => out.i16(Number(value)) },
  u32: { id: 4, write: (out, value) => out.u32(Number(value)) },
  i32: { id: 5, write: (out, value) => out.i32(Number(value)) },
  f32: { id: 6, write: (out, value) => out.f32(Number(value)) },
  bool: { id: 7, write: (out, value) => out.u8(value === true ? 1 : 0) },
  string: { id: 8, write: (out, value) => out.string(String(value)) },
  u64: { id: 10, write: (out, value) => out.u64(integer(value)) },
  i64: { id: 11, write: (out, value) => out.i64(integer(value)) },
  f64: { id: 12, write: (out, value) => out.f64(Number(value)) },
};
const arrayId = 9;

/** A key with one value. */
export function keyValue(key: string, type: GgufScalarType, value: ScalarValue): KeyValue {
  const out = new ByteWriter();
  out.u32(scalars[type].id);
  scalars[type].write(out, value);
  return { key, stored: out.finish() };
}

/** A key with an array of values. */
export function keyArray(key: string, type: GgufScalarType, values: Iterable<ScalarValue> & { readonly length: number }): KeyValue {
  const out = new ByteWriter();
  out.u32(arrayId);
  out.u32(scalars[type].id);
  out.u64(values.length);
  for (const value of values) scalars[type].write(out, value);
  return { key, stored: out.finish() };
}

/** Keys as llama.cpp sets them: a key that is set again goes to the end. */
export function withKeys(keyValues: readonly KeyValue[], added: readonly KeyValue[]): KeyValue[] {
  const again = new Set(added.map(({ key }) => key));
  return [...keyValues.filter(({ key }) => !again.has(key)), ...added];
}

/** The keys of a GGUF file with their values byte for byte. @throws FormatError when the file cannot be read */
export function storedKeyValues(metadata: readonly MetadataEntry[]): Promise<KeyValue[]> {
  // All at a time: each is a small read, and waits for the disk or another thread.
  return Promise.all(
    metadata.map(async ({ key, stored }) => {
      if (!stored) throw new RangeError(`${key} is not a key of a GGUF file`);
      const bytes = new Uint8Array(stored.bytes);
      await stored.file.read(stored.offset, bytes);
      return { key, stored: bytes };
    }),
  );
}
