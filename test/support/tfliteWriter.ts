/** A tensor of a TFLite model to write. */
export interface TfliteTensor {
  name: string;
  /** Number of the schema's `TensorType`. */
  type: number;
  shape: readonly number[];
  data: Uint8Array;
  scales?: readonly number[];
}

type Field = { bytes: Uint8Array } | { to: () => number };

/** Writes what a table refers to after the table, since offsets of a flatbuffer point forward; each place is patched then. */
class Writer {
  private readonly out: number[] = [0, 0, 0, 0, ...new TextEncoder().encode("TFL3")];

  table(fields: readonly (Field | undefined)[]): number {
    const vtable = this.align();
    const size = 4 + 2 * fields.length;
    const table = vtable + size + (-size & 3);
    let place = 4;
    const places = fields.map((field) => {
      const at = field ? place : 0;
      if (field) place += "bytes" in field ? field.bytes.length + (-field.bytes.length & 3) : 4;
      return at;
    });
    for (const value of [size, place, ...places]) this.out.push(value & 255, value >> 8);
    this.align();
    this.push(u32(table - vtable));
    for (const field of fields) if (field) this.push("bytes" in field ? field.bytes : u32(0));
    fields.forEach((field, i) => {
      if (field && "to" in field) this.point(table + places[i]!, field.to());
    });
    return table;
  }

  vector(length: number, content: Uint8Array): number {
    const at = this.align();
    this.push(u32(length));
    this.push(content);
    return at;
  }

  tables(makers: readonly (() => number)[]): number {
    const at = this.vector(makers.length, new Uint8Array(4 * makers.length));
    makers.forEach((make, i) => this.point(at + 4 + 4 * i, make()));
    return at;
  }

  point(from: number, to: number): void {
    u32(to - from).forEach((byte, i) => (this.out[from + i] = byte));
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.out);
  }

  private push(bytes: Uint8Array): void {
    for (const byte of bytes) this.out.push(byte);
    this.align();
  }

  private align(): number {
    while (this.out.length % 4 !== 0) this.out.push(0);
    return this.out.length;
  }
}

function u32(...values: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values).buffer);
}

/** A model of one subgraph. Buffer 0 is empty, as the schema wants; each tensor has one of its own. */
export function writeTflite(tensors: readonly TfliteTensor[]): Uint8Array {
  const writer = new Writer();
  const quantization = (scales: readonly number[]): Field => ({
    to: () =>
      writer.table([
        undefined,
        undefined,
        { to: () => writer.vector(scales.length, new Uint8Array(Float32Array.from(scales).buffer)) },
        { to: () => writer.vector(scales.length, new Uint8Array(8 * scales.length)) },
      ]),
  });
  const tensor =
    ({ name, type, shape, scales }: TfliteTensor, i: number) =>
    (): number =>
      writer.table([
        { to: () => writer.vector(shape.length, u32(...shape)) },
        { bytes: Uint8Array.of(type) },
        { bytes: u32(i + 1) },
        { to: () => writer.vector(name.length, new TextEncoder().encode(name)) },
        scales && quantization(scales),
      ]);
  const buffers = [new Uint8Array(0), ...tensors.map(({ data }) => data)].map(
    (data) => (): number => writer.table([{ to: () => writer.vector(data.length, data) }]),
  );
  const subgraph = (): number => writer.table([{ to: () => writer.tables(tensors.map(tensor)) }]);
  const fields: Field[] = [{ bytes: u32(3) }, { bytes: u32(0) }, { to: () => writer.tables([subgraph]) }, { bytes: u32(0) }];
  writer.point(0, writer.table([...fields, { to: () => writer.tables(buffers) }]));
  return writer.bytes();
}
