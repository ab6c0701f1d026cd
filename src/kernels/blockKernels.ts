import type { Kernels } from "./kernels";

/** Stored types with a kernel `decode<type>`. */
export const decodedTypes = [
  "F16",
  "BF16",
  "Q8_0",
  "Q4_0",
  "Q4_1",
  "Q5_0",
  "Q5_1",
  "Q2_K",
  "Q3_K",
  "Q4_K",
  "Q5_K",
  "Q6_K",
  "IQ4_NL",
  "IQ4_XS",
] as const;

/** Block types with a kernel `quantize<type>`. */
export const quantizedTypes = ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "IQ4_XS"] as const;

export type DecodedType = (typeof decodedTypes)[number];
export type QuantizedType = (typeof quantizedTypes)[number];

/** `n` stored values at `source` to float32 at `target`; `n` is a whole number of blocks. */
export type DecodeKernel = (source: number, n: number, target: number) => void;

/**
 * `n` float32 at `x` to stored blocks at `target`; `n` is a whole number of blocks. `scratch` is `scratchBytes.quantize`
 * bytes of no matter. With `importance`, the address of float32 weights of a row's `columns`, `n` is whole rows; types without
 * such a search ignore them.
 */
export type QuantizeKernel = (x: number, n: number, target: number, scratch: number, importance: number, columns: number) => void;

/** The kernel that decodes a stored type, if there is one. */
export function findDecodeKernel(kernels: Kernels, type: string): DecodeKernel | undefined {
  const found = decodedTypes.find((decoded) => decoded === type);
  return found && kernels[`decode${found}`];
}

/** The kernel that quantizes to a stored type, if there is one. */
export function findQuantizeKernel(kernels: Kernels, type: string): QuantizeKernel | undefined {
  const found = quantizedTypes.find((quantized) => quantized === type);
  return found && kernels[`quantize${found}`];
}
