/** What the header of an array says; text of Python where it is to be strange. */
export interface NpyHeader {
  /** A `descr` as Python has it: `'<f4'` or a list of fields, with quotes. */
  descr?: string;
  fortran?: string;
  shape?: string;
  version?: 1 | 2 | 3;
  /** All of the dictionary. */
  dict?: string;
  /** Bytes of the header, where they are to be wrong. */
  length?: number;
}

/** An array as `numpy.save` writes it. */
export function writeNpy(header: NpyHeader, data: Uint8Array): Uint8Array {
  const { descr = "'<f4'", fortran = "False", shape = "(2, 3)", version = 1 } = header;
  const text = Buffer.from(
    header.dict ?? `{'descr': ${descr}, 'fortran_order': ${fortran}, 'shape': ${shape}, }`,
    version === 3 ? "utf8" : "latin1",
  );
  const prefix = version === 1 ? 10 : 12;
  const padded = Buffer.concat([text, Buffer.alloc(63 - ((prefix + text.length) % 64), " "), Buffer.from("\n")]);
  const start = Buffer.alloc(prefix);
  start.write("\x93NUMPY", "latin1");
  start[6] = version;
  const length = header.length ?? padded.length;
  if (version === 1) start.writeUInt16LE(length, 8);
  else start.writeUInt32LE(length, 8);
  return new Uint8Array(Buffer.concat([start, padded, data]));
}
