import { readFileSync } from "node:fs";
import path from "node:path";

const folder = path.join(__dirname, "..", "..", "fixtures");

/** Block types whose bytes and dequantized values by the ggml library lie in `test/fixtures/ggml`, without and with importance matrix. */
export const blockTypes = [
  ...["q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q2_K", "q3_K", "q4_K", "q5_K", "q6_K", "iq4_nl", "iq4_xs"],
  ...["tq1_0", "tq2_0", "mxfp4", "nvfp4", "q1_0", "q2_0"],
];

/** Files of bytes and values of the lattice types; ggml quantizes some of them with an importance matrix only. */
export const latticeFiles = ["iq1_m", "iq2_s", "iq3_s", "iq3_xxs", "iq1_s_imatrix", "iq2_xs_imatrix", "iq2_xxs_imatrix"];

function readBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(folder, "ggml", name)));
}

/** The library's bytes for the 4 × 1024 input. */
export function vectorBytes(type: string): Uint8Array {
  return readBytes(`${type}.bin`);
}

/** The same with the weights of {@link vectorImportance}. */
export function weightedVectorBytes(type: string): Uint8Array {
  return readBytes(`${type}_imatrix.bin`);
}

/** SHA-256 of the library's dequantized values of {@link weightedVectorBytes}. */
export function weightedValuesHash(type: string): string {
  const hashes = JSON.parse(readFileSync(path.join(folder, "ggml", "imatrix_values_sha256.json"), "utf8")) as Record<string, string>;
  return hashes[type]!;
}

/** Importance weights of the columns of {@link vectorInput}. */
export function vectorImportance(): Float32Array {
  return readFloats("imatrix_1024.f32");
}

function readFloats(name: string): Float32Array {
  const bytes = readFileSync(path.join(folder, "ggml", name));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

export const vectorColumns = 1024;

/** The 4 × 1024 input: normal, heavy-tailed, tiny, and mostly small with a zero block and two outliers. */
export function vectorInput(): Float32Array {
  return readFloats("input_4x1024.f32");
}

/** The library's dequantized values of {@link vectorBytes}. */
export function vectorValues(type: string): Float32Array {
  return readFloats(`${type}.deq.f32`);
}

export interface GoldenCase {
  bytes: number;
  sha256: string;
  deq_sha256: string;
  rmse: number;
  hex?: string;
}

export interface GoldenSet {
  seed: number;
  nrow: number;
  n_per_row: number;
  imatrix_seed: number;
  first8: number[];
  imatrix_first4: number[];
  types: Record<string, { plain: GoldenCase; imatrix: GoldenCase | "same as plain" }>;
}

export function goldenSets(): Record<"small" | "large", GoldenSet> {
  return JSON.parse(readFileSync(path.join(folder, "ggml_golden.json"), "utf8")) as Record<"small" | "large", GoldenSet>;
}

/** The upper 16 bits of each number of a xorshift32 sequence. */
function drawsFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state >>> 16;
  };
}

/** The input of a golden set: sums of four xorshift32 draws, every 97th value eight times as large. Exact in float32. */
export function goldenInput({ seed, nrow, n_per_row }: GoldenSet): Float32Array {
  const draw = drawsFrom(seed);
  return Float32Array.from({ length: nrow * n_per_row }, (_, i) => {
    const value = (draw() + draw() + draw() + draw() - 131_070) * 2 ** -22;
    return i % 97 === 96 ? value * 8 : value;
  });
}

/** The importance weights of a golden set. Exact in float32. */
export function goldenImportance({ imatrix_seed, n_per_row }: GoldenSet): Float32Array {
  const draw = drawsFrom(imatrix_seed);
  return Float32Array.from({ length: n_per_row }, () => (draw() + 1) * 2 ** -12);
}

export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
