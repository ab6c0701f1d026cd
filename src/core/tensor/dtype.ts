/** What kind of number a stored type holds. `block` types store several weights with shared scales (ggml). */
export type DTypeFamily = "float" | "integer" | "boolean" | "complex" | "block";

/** A way numbers are stored in a checkpoint. */
export interface DType {
  /** safetensors' spelling for plain types (`BF16`, `F8_E4M3`), ggml's for block types (`Q4_K`). */
  readonly id: string;
  readonly family: DTypeFamily;
  /** Values in one indivisible block: 1 for plain types. */
  readonly blockSize: number;
  /** Bytes of one block. */
  readonly blockBytes: number;
}

function plain(family: DTypeFamily, bits: number, ...ids: string[]): DType[] {
  // Sub-byte types are described by the smallest run that fills whole bytes: 2 × 4 bit, 4 × 6 bit.
  const blockSize = bits === 4 ? 2 : bits === 6 ? 4 : 1;
  return ids.map((id) => ({ id, family, blockSize, blockBytes: (blockSize * bits) / 8 }));
}

function block(id: string, blockSize: number, blockBytes: number): DType {
  return { id, family: "block", blockSize, blockBytes };
}

const all: readonly DType[] = [
  ...plain("boolean", 8, "BOOL"),
  // ONNX and TFLite: the first value in the low nibble, two's complement where signed.
  ...plain("integer", 4, "UINT4", "INT4"),
  ...plain("integer", 8, "U8", "I8"),
  ...plain("integer", 16, "U16", "I16"),
  ...plain("integer", 32, "U32", "I32"),
  ...plain("integer", 64, "U64", "I64"),
  ...plain("float", 64, "F64"),
  ...plain("float", 32, "F32"),
  ...plain("float", 16, "F16", "BF16"),
  ...plain("float", 8, "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"),
  ...plain("float", 6, "F6_E2M3", "F6_E3M2"),
  ...plain("float", 4, "F4"),
  ...plain("complex", 64, "C64"),
  ...plain("complex", 128, "C128"),
  block("Q4_0", 32, 18),
  block("Q4_1", 32, 20),
  block("Q5_0", 32, 22),
  block("Q5_1", 32, 24),
  block("Q8_0", 32, 34),
  block("Q8_1", 32, 36),
  block("Q2_K", 256, 84),
  block("Q3_K", 256, 110),
  block("Q4_K", 256, 144),
  block("Q5_K", 256, 176),
  block("Q6_K", 256, 210),
  block("Q8_K", 256, 292),
  block("IQ2_XXS", 256, 66),
  block("IQ2_XS", 256, 74),
  block("IQ3_XXS", 256, 98),
  block("IQ1_S", 256, 50),
  block("IQ4_NL", 32, 18),
  block("IQ3_S", 256, 110),
  block("IQ2_S", 256, 82),
  block("IQ4_XS", 256, 136),
  block("IQ1_M", 256, 56),
  block("TQ1_0", 256, 54),
  block("TQ2_0", 256, 66),
  block("MXFP4", 32, 17),
  block("NVFP4", 64, 36),
  block("Q1_0", 128, 18),
  block("Q2_0", 64, 18),
];

const byId = new Map(all.map((dtype) => [dtype.id, dtype]));

/** The stored type called `id`, or undefined for one we do not know: such tensors are listed as opaque bytes. */
export function findDType(id: string): DType | undefined {
  return byId.get(id);
}

/**
 * Exact bytes of a row-major tensor, or undefined when its rows do not divide into whole blocks. Plain sub-byte types
 * only need the whole tensor to fill bytes; block types need every row to.
 */
export function storedBytes(dtype: DType, shape: readonly number[]): number | undefined {
  const values = shape.reduce((product, dimension) => product * dimension, 1);
  const run = dtype.family === "block" ? (shape[shape.length - 1] ?? 1) : values;
  if (run % dtype.blockSize !== 0) return undefined;
  return (values / dtype.blockSize) * dtype.blockBytes;
}
