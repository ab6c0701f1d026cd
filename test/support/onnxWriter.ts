/** Pieces of protocol buffers, as ONNX models are made of. */
export type Bytes = readonly number[];

export function varintBytes(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}

/** A field with a number. */
export function number(field: number, value: number | bigint): number[] {
  return [...varintBytes(field << 3), ...varintBytes(value)];
}

/** A field of length-delimited bytes: a text, a message, packed numbers. */
export function field(number: number, ...parts: readonly (Bytes | string | Uint8Array)[]): number[] {
  const content = parts.flatMap((part) => [...(typeof part === "string" ? new TextEncoder().encode(part) : part)]);
  return [...varintBytes((number << 3) | 2), ...varintBytes(content.length), ...content];
}

export function floats(...values: number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

export interface WrittenProto {
  name?: string;
  dims?: readonly (number | bigint)[];
  /** A number of TensorProto.DataType; 1 is FLOAT. */
  type?: number;
  raw?: Uint8Array;
  /** Further fields: typed values, external data. */
  rest?: Bytes;
}

/** A TensorProto: by default two floats in raw_data. */
export function tensorProto({ name = "w", dims = [2], type = 1, raw, rest }: WrittenProto = {}): number[] {
  const values = raw ?? (rest ? undefined : floats(1, -2));
  return [
    ...dims.flatMap((dim) => number(1, dim)),
    ...number(2, type),
    ...field(8, name),
    ...(rest ?? []),
    ...(values ? field(9, values) : []),
  ];
}

/** A NodeProto. */
export function node(operator: string, { name = "", inputs = [] as string[], outputs = ["y"], attributes = [] as Bytes[] } = {}): number[] {
  return [
    ...inputs.flatMap((input) => field(1, input)),
    ...outputs.flatMap((output) => field(2, output)),
    ...field(3, name),
    ...field(4, operator),
    ...attributes.flatMap((one) => field(5, one)),
  ];
}

/** A ValueInfoProto: an input or output, of a type by its number, with lengths or names of dimensions. */
export function valueInfo(name: string, type: number, dims: readonly (number | string)[]): number[] {
  const shape = dims.flatMap((dim) => field(1, typeof dim === "number" ? number(1, dim) : field(2, dim)));
  return [...field(1, name), ...field(2, field(1, number(1, type), field(2, shape)))];
}

/** External data of a TensorProto. */
export function externalData(entries: Readonly<Record<string, string>>): number[] {
  return [...Object.entries(entries).flatMap(([key, value]) => field(13, field(1, key), field(2, value))), ...number(14, 1)];
}

/** A ModelProto: of `initializers`, `nodes`, and whatever else its graph and itself have. */
export function writeOnnx({
  initializers = [] as Bytes[],
  nodes = [] as Bytes[],
  graph = [] as Bytes,
  rest = [] as Bytes,
} = {}): Uint8Array {
  const content = [...nodes.flatMap((one) => field(1, one)), ...initializers.flatMap((one) => field(5, one)), ...graph];
  return Uint8Array.from([...number(1, 10), ...field(2, "test"), ...field(7, content), ...field(8, field(1, ""), number(2, 21)), ...rest]);
}
