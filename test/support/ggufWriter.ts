import { patternBytes } from "./safetensorsWriter";

/** Identifiers of the value types in a GGUF header. */
export const ggufTypeIds = {
  u8: 0,
  i8: 1,
  u16: 2,
  i16: 3,
  u32: 4,
  i32: 5,
  f32: 6,
  bool: 7,
  string: 8,
  array: 9,
  u64: 10,
  i64: 11,
  f64: 12,
} as const;

export type GgufTypeName = keyof typeof ggufTypeIds;

/** A value to write. Raw bytes stand for a string that is not valid UTF-8. */
export type GgufValue =
  | { type: Exclude<GgufTypeName, "array" | "string">; value: number | bigint | boolean }
  | { type: "string"; value: string | Uint8Array }
  | { type: "array"; of: GgufTypeName; values: readonly GgufValue[] };

/** A tensor to write. `ne` is innermost first, as stored. `offset` overrides the running sum of padded sizes. */
export interface WrittenGgufTensor {
  name: string | Uint8Array;
  /** ggml type id. */
  type: number;
  ne: readonly (number | bigint)[];
  bytes: Uint8Array;
  offset?: number | bigint;
}

export interface WrittenGguf {
  version?: number;
  /** Bytes between tensors; written as `general.alignment` only if it is among `metadata`. Default 32. */
  alignment?: number;
  metadata?: readonly (readonly [key: string | Uint8Array, value: GgufValue])[];
  tensors?: readonly WrittenGgufTensor[];
  /** Counts written in the header instead of the true ones. */
  tensorCount?: bigint;
  metadataCount?: bigint;
}

/** Shorthand for a string value. */
export function ggufString(value: string | Uint8Array): GgufValue {
  return { type: "string", value };
}

/** Shorthand for an array of strings. */
export function ggufStrings(values: readonly string[]): GgufValue {
  return { type: "array", of: "string", values: values.map(ggufString) };
}

/** A float32 tensor (type 0) of non-zero bytes. */
export function ggufF32(name: string, ne: readonly number[]): WrittenGgufTensor {
  return { name, type: 0, ne, bytes: patternBytes(4 * ne.reduce((product, dimension) => product * dimension, 1)) };
}

/** A little-endian GGUF file, well-formed unless the overrides say otherwise. */
export function writeGguf(file: WrittenGguf): Uint8Array {
  const { version = 3, alignment = 32, metadata = [], tensors = [] } = file;
  const out = new ByteSink();
  out.bytes(new TextEncoder().encode("GGUF"));
  out.number("u32", version);
  out.number("u64", file.tensorCount ?? BigInt(tensors.length));
  out.number("u64", file.metadataCount ?? BigInt(metadata.length));
  for (const [key, value] of metadata) {
    out.string(key);
    out.number("u32", ggufTypeIds[value.type]);
    out.value(value);
  }
  let offset = 0;
  const starts = tensors.map((tensor) => {
    const start = tensor.offset ?? offset;
    offset = roundUp(offset + tensor.bytes.length, alignment);
    return start;
  });
  tensors.forEach((tensor, index) => {
    out.string(tensor.name);
    out.number("u32", tensor.ne.length);
    for (const dimension of tensor.ne) out.number("u64", dimension);
    out.number("u32", tensor.type);
    out.number("u64", starts[index]!);
  });
  if (tensors.length > 0) out.pad(alignment);
  for (const tensor of tensors) {
    out.bytes(tensor.bytes);
    out.pad(alignment);
  }
  return out.result();
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

class ByteSink {
  private buffer = new Uint8Array(1 << 16);
  private view = new DataView(this.buffer.buffer);
  private length = 0;

  result(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  pad(alignment: number): void {
    const end = roundUp(this.length, alignment);
    this.reserve(end - this.length);
    this.length = end;
  }

  string(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    this.number("u64", bytes.length);
    this.bytes(bytes);
  }

  value(value: GgufValue): void {
    if (value.type === "string") this.string(value.value);
    else if (value.type === "array") {
      this.number("u32", ggufTypeIds[value.of]);
      this.number("u64", value.values.length);
      for (const element of value.values) this.value(element);
    } else this.number(value.type, value.value);
  }

  number(type: Exclude<GgufTypeName, "array" | "string">, value: number | bigint | boolean): void {
    this.reserve(8);
    const { view, length: at } = this;
    if (type === "u64" || type === "i64") view.setBigUint64(at, BigInt.asUintN(64, BigInt(value)), true);
    else if (type === "f64") view.setFloat64(at, Number(value), true);
    else if (type === "f32") view.setFloat32(at, Number(value), true);
    else if (type === "u32" || type === "i32") view.setUint32(at, Number(value), true);
    else if (type === "u16" || type === "i16") view.setUint16(at, Number(value), true);
    else view.setUint8(at, Number(value));
    this.length += type === "bool" ? 1 : Number(type.slice(1)) / 8;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(2 * this.buffer.length, this.length + count));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
    this.view = new DataView(grown.buffer);
  }
}
