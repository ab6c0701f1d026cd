import { UsageError } from "../errors";
import { findDType } from "../tensor/dtype";

/** Bytes of one value in a KV cache of this type. F16 is what engines default to. */
function kvBytesPerValue(type = "F16"): number {
  const dtype = findDType(type.toUpperCase());
  if (!dtype || dtype.family === "integer" || dtype.family === "boolean" || dtype.family === "complex") {
    throw new UsageError("unknown-type", `A KV cache cannot be stored as "${type}". Common types: F16, BF16, Q8_0, Q4_0.`, {
      found: type,
      expected: "F16, BF16, Q8_0, Q4_0",
    });
  }
  return dtype.blockBytes / dtype.blockSize;
}

/**
 * Bytes of the keys and values of `context` tokens.
 *
 * @param valuesPerToken 2 · layers · key-value heads · head dimension, or its sum over unequal layers
 */
export function kvCacheBytes(valuesPerToken: number, context: number, type?: string): number {
  return Math.ceil(valuesPerToken * context * kvBytesPerValue(type));
}
