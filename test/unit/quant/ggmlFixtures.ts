import { readFileSync } from "node:fs";
import path from "node:path";

const folder = path.join(__dirname, "..", "..", "fixtures");

/** Types whose bytes and dequantized values by the ggml library lie in `test/fixtures/ggml`. */
export const vectorTypes = ["f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q2_K", "q3_K", "q4_K", "q5_K", "q6_K"];

/** The library's bytes for the 4 × 1024 input. */
export function vectorBytes(type: string): Uint8Array {
  return new Uint8Array(readFileSync(path.join(folder, "ggml", `${type}.bin`)));
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
  first8: number[];
  types: Record<string, { plain?: GoldenCase }>;
}

export function goldenSets(): Record<"small" | "large", GoldenSet> {
  return JSON.parse(readFileSync(path.join(folder, "ggml_golden.json"), "utf8")) as Record<"small" | "large", GoldenSet>;
}

/** The input of a golden set: sums of four xorshift32 draws, every 97th value eight times as large. Exact in float32. */
export function goldenInput({ seed, nrow, n_per_row }: GoldenSet): Float32Array {
  let state = seed >>> 0;
  const draw = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state >>> 16;
  };
  return Float32Array.from({ length: nrow * n_per_row }, (_, i) => {
    const value = (draw() + draw() + draw() + draw() - 131_070) * 2 ** -22;
    return i % 97 === 96 ? value * 8 : value;
  });
}

export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
