import { findDType } from "../../tensor/dtype";

/** What llama-quantize stores instead where a row is not a multiple of the block; other types go to F16. */
const replacement: Readonly<Record<string, string>> = {
  IQ1_S: "IQ4_NL",
  IQ1_M: "IQ4_NL",
  IQ2_XXS: "IQ4_NL",
  IQ2_XS: "IQ4_NL",
  IQ2_S: "IQ4_NL",
  IQ3_XXS: "IQ4_NL",
  IQ3_S: "IQ4_NL",
  IQ4_XS: "IQ4_NL",
  Q2_K: "Q4_0",
  Q3_K: "Q4_0",
  Q2_0: "Q4_0",
  TQ1_0: "Q4_0",
  TQ2_0: "Q4_0",
  Q4_K: "Q5_0",
  Q5_K: "Q5_1",
  Q6_K: "Q8_0",
};

/**
 * The ggml type that stores rows of `columns` values when `type` is asked for: `type` itself where the rows divide into
 * its blocks, else its replacement, else F16. Source: llama.cpp `src/llama-quant.cpp` (tensor_type_fallback).
 */
export function storableType(type: string, columns: number): string {
  const fits = (id: string): boolean => columns % (findDType(id)?.blockSize ?? 1) === 0;
  if (fits(type)) return type;
  const other = replacement[type];
  return other !== undefined && fits(other) ? other : "F16";
}
