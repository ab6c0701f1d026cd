import { layOutGguf } from "../gguf/writer/header";
import { ByteWriter } from "../gguf/writer/byteWriter";
import { keyArray, keyValue } from "../gguf/writer/keyValue";

/** What entered a weight of a model, summed over tokens. */
export interface ImportanceEntry {
  /** Of the weight, in GGUF spelling. */
  readonly name: string;
  /** Sum of the squares of each column. */
  readonly squares: Float64Array;
  /** Tokens. */
  readonly rows: number;
}

/** An importance matrix to be written. */
export interface ImportanceFile {
  readonly entries: readonly ImportanceEntry[];
  /** Pieces of text that were run, and the tokens of each. */
  readonly chunks: number;
  readonly chunkTokens: number;
  /** What the text was. */
  readonly dataset: string;
}

const alignment = 32;

/** llama.cpp's older kind of file, `imatrix.dat` (`save_imatrix_legacy`): mean squares times the number of chunks. */
export function datBytes({ entries, chunks, chunkTokens, dataset }: ImportanceFile): Uint8Array {
  const out = new ByteWriter();
  out.u32(entries.length);
  for (const { name, squares, rows } of byName(entries)) {
    const calls = Math.ceil(rows / chunkTokens);
    text(out, name);
    out.u32(calls);
    out.u32(squares.length);
    out.bytes(float32(squares, (sum) => Math.fround(Math.fround(sum) / rows) * calls));
  }
  out.u32(chunks);
  text(out, dataset);
  return out.finish();
}

/** The GGUF kind (`save_imatrix`): sums of squares, and how many tokens they are of. */
export function imatrixGgufBytes({ entries, chunks, chunkTokens, dataset }: ImportanceFile): Uint8Array {
  const keys = [
    keyValue("general.type", "string", "imatrix"),
    keyArray("imatrix.datasets", "string", [dataset]),
    keyValue("imatrix.chunk_count", "u32", chunks),
    keyValue("imatrix.chunk_size", "u32", chunkTokens),
  ];
  const tensors = byName(entries).flatMap(({ name, squares, rows }) => [
    { name: `${name}.in_sum2`, shape: [squares.length], type: "F32", bytes: float32(squares, (sum) => sum) },
    { name: `${name}.counts`, shape: [1], type: "F32", bytes: float32([rows], (count) => count) },
  ]);
  const { header, offsets, bytes } = layOutGguf(keys, tensors, alignment);
  const file = new Uint8Array(bytes);
  file.set(header);
  tensors.forEach((tensor, i) => file.set(tensor.bytes, offsets[i]));
  return file;
}

/** In the order in which llama.cpp writes them. */
function byName(entries: readonly ImportanceEntry[]): ImportanceEntry[] {
  return [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function text(out: ByteWriter, value: string): void {
  const bytes = new TextEncoder().encode(value);
  out.u32(bytes.length);
  out.bytes(bytes);
}

function float32(values: ArrayLike<number>, change: (value: number) => number): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, change(values[i]!), true);
  return bytes;
}
