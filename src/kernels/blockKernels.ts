/** Float types that a kernel decodes and rounds to. */
export const floatTypes = ["F16", "BF16"] as const;

/** Block types that a kernel decodes and quantizes to. */
export const blockTypes = ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS"] as const;

export type FloatType = (typeof floatTypes)[number];
export type BlockType = (typeof blockTypes)[number];

const types: readonly (FloatType | BlockType)[] = [...floatTypes, ...blockTypes];

/** `n` stored values at `source` to float32 at `target`; `n` is a whole number of blocks. */
export type DecodeKernel = (source: number, n: number, target: number) => void;

/**
 * `n` float32 at `x` to stored blocks at `target`; `n` is a whole number of blocks. `scratch` is
 * `scratchBytes.quantize` bytes of no matter. With `importance`, the address of float32 weights of a row's `columns`,
 * `n` is whole rows; types without such a search ignore them.
 */
export type QuantizeKernel = (x: number, n: number, target: number, scratch: number, importance: number, columns: number) => void;

/** Exact decoders, and quantizers whose bytes are ggml's for finite values. */
export type BlockKernels = Readonly<
  Record<`decode${FloatType | BlockType}`, DecodeKernel> & Record<`quantize${FloatType | BlockType}`, QuantizeKernel>
>;

/** The kernel that decodes a stored type, in any case, if there is one. */
export function findDecodeKernel(kernels: BlockKernels, type: string): DecodeKernel | undefined {
  const found = findType(type);
  return found && kernels[`decode${found}`];
}

/** The kernel that quantizes to a stored type, in any case, if there is one. */
export function findQuantizeKernel(kernels: BlockKernels, type: string): QuantizeKernel | undefined {
  const found = findType(type);
  return found && kernels[`quantize${found}`];
}

function findType(name: string): FloatType | BlockType | undefined {
  const wanted = name.toUpperCase();
  return types.find((type) => type === wanted);
}
