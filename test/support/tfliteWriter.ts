/** A value of a field of a flatbuffer. */
export type Flat =
  | { kind: "scalar"; bytes: Uint8Array }
  | { kind: "vector"; bytes: Uint8Array; length: number }
  | { kind: "tables"; items: readonly FlatFields[] }
  | { kind: "table"; fields: FlatFields };

/** The fields of a table, by their slots. */
export type FlatFields = Readonly<Record<number, Flat>>;

export const u8 = (value: number): Flat => ({ kind: "scalar", bytes: Uint8Array.of(value) });
export const u32 = (value: number): Flat => ({ kind: "scalar", bytes: new Uint8Array(Uint32Array.of(value).buffer) });
export const u64 = (value: number): Flat => ({ kind: "scalar", bytes: new Uint8Array(BigUint64Array.of(BigInt(value)).buffer) });
export const table = (fields: FlatFields): Flat => ({ kind: "table", fields });
export const tables = (...items: FlatFields[]): Flat => ({ kind: "tables", items });
export const bytesOf = (bytes: Uint8Array | string): Flat => {
  const content = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return { kind: "vector", bytes: content, length: content.length };
};
export const i32s = (...values: number[]): Flat => ({
  kind: "vector",
  bytes: new Uint8Array(Int32Array.from(values).buffer),
  length: values.length,
});
export const f32s = (...values: number[]): Flat => ({
  kind: "vector",
  bytes: new Uint8Array(Float32Array.from(values).buffer),
  length: values.length,
});
export const i64s = (...values: bigint[]): Flat => ({
  kind: "vector",
  bytes: new Uint8Array(BigInt64Array.from(values).buffer),
  length: values.length,
});

export interface WrittenTflite {
  name?: string;
  shape?: readonly number[];
  type?: number;
  /** Content of its buffer; undefined for an empty one. */
  data?: Uint8Array;
  /** Further fields of the tensor. */
  fields?: FlatFields;
  /** Fields of its buffer instead of `data`. */
  buffer?: FlatFields;
}

/** A model with one subgraph for each list of tensors, each tensor with a buffer of its own; `tail` follows the flatbuffer. */
export function writeTflite(subgraphs: readonly (readonly WrittenTflite[])[], tail: Uint8Array = new Uint8Array(0)): Uint8Array {
  const buffers: FlatFields[] = [{}];
  const graphs = subgraphs.map((tensors, index) => {
    const rows = tensors.map(({ name = "w", shape = [2], type = 0, data, fields, buffer }): FlatFields => {
      buffers.push(buffer ?? (data ? { 0: bytesOf(data) } : {}));
      return { 0: i32s(...shape), 1: u8(type), 2: u32(buffers.length - 1), 3: bytesOf(name), ...fields };
    });
    return { 0: tables(...rows), 4: bytesOf(`graph${index}`) };
  });
  const written = writeFlatbuffer({ 0: u32(3), 2: tables(...graphs), 3: bytesOf("test"), 4: tables(...buffers) });
  return Uint8Array.from([...written, ...tail]);
}

function writeFlatbuffer(root: FlatFields): number[] {
  const bytes: number[] = [0, 0, 0, 0, ...new TextEncoder().encode("TFL3")];
  const patch = (at: number, value: number): void => {
    bytes.splice(at, 4, ...new Uint8Array(Int32Array.of(value).buffer));
  };
  const writeTable = (fields: FlatFields): number => {
    const slots = Object.keys(fields).map(Number);
    const count = Math.max(-1, ...slots) + 1;
    const vtable = bytes.length;
    const entries = Array.from({ length: count }, (_, slot) => (fields[slot] ? 4 + 8 * slot : 0));
    bytes.push(...new Uint8Array(Uint16Array.from([4 + 2 * count, 4 + 8 * count, ...entries]).buffer));
    const position = bytes.length;
    bytes.push(...new Array<number>(4 + 8 * count).fill(0));
    patch(position, position - vtable);
    for (const slot of slots) writeField(position + 4 + 8 * slot, fields[slot]!);
    return position;
  };
  const writeField = (at: number, value: Flat): void => {
    if (value.kind === "scalar") {
      bytes.splice(at, value.bytes.length, ...value.bytes);
      return;
    }
    if (value.kind === "table") {
      patch(at, writeTable(value.fields) - at);
      return;
    }
    const start = bytes.length;
    patch(at, start - at);
    const length = value.kind === "vector" ? value.length : value.items.length;
    bytes.push(...new Uint8Array(Uint32Array.of(length).buffer));
    if (value.kind === "vector") {
      bytes.push(...value.bytes);
      return;
    }
    bytes.push(...new Array<number>(4 * length).fill(0));
    for (const [index, item] of value.items.entries()) patch(start + 4 + 4 * index, writeTable(item) - (start + 4 + 4 * index));
  };
  patch(0, writeTable(root));
  return bytes;
}
