import { type WrittenGguf, ggufString, writeGguf } from "./ggufWriter";

/** An entry of an importance file to write. `length` overrides the stored length of the name, `count` that of the values. */
export interface WrittenEntry {
  name: string | Uint8Array;
  calls?: number;
  values: readonly number[];
  length?: number;
  count?: number;
}

/** llama.cpp's older importance file. `total` overrides the number of entries, `tail` is what follows them. */
export function writeDat(
  entries: readonly WrittenEntry[],
  { total, tail = [] }: { total?: number; tail?: readonly Uint8Array[] } = {},
): Uint8Array {
  const parts = entries.flatMap(({ name, calls = 1, values, length, count }) => {
    const bytes = typeof name === "string" ? new TextEncoder().encode(name) : name;
    return [
      int32(length ?? bytes.length),
      bytes,
      int32(calls),
      int32(count ?? values.length),
      new Uint8Array(Float32Array.from(values).buffer),
    ];
  });
  return new Uint8Array(Buffer.concat([int32(total ?? entries.length), ...parts, ...tail]));
}

/** What newer importance files end with: chunks and the name of the text. */
export function datTail(chunks: number, dataset: string): Uint8Array[] {
  const text = new TextEncoder().encode(dataset);
  return [int32(chunks), int32(text.length), text];
}

export function int32(value: number): Uint8Array {
  return new Uint8Array(Int32Array.of(value).buffer);
}

/** An importance matrix as a GGUF file: sums and counts of each weight, `sums` in rows of a matrix each. */
export function writeImatrixGguf(
  weights: readonly { name: string; sums: readonly (readonly number[])[]; counts: readonly number[] }[],
  patch: Partial<WrittenGguf> = {},
): Uint8Array {
  const floats = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);
  return writeGguf({
    metadata: [
      ["general.type", ggufString("imatrix")],
      ["imatrix.chunk_count", { type: "u32", value: 7 }],
    ],
    tensors: weights.flatMap(({ name, sums, counts }) => [
      { name: `${name}.in_sum2`, type: 0, ne: [sums[0]!.length, sums.length], bytes: floats(sums.flat()) },
      { name: `${name}.counts`, type: 0, ne: [1, counts.length], bytes: floats(counts) },
    ]),
    ...patch,
  });
}
