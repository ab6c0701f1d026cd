import type { SourceTensor } from "./sourceModel";

/** Gemma stores its norm weights less 1, GGUF as they are applied. Source: llama.cpp `conversion/gemma.py`. */
export function withPlainNorms(tensor: SourceTensor): SourceTensor {
  if (!tensor.name.endsWith("norm.weight")) return tensor;
  const { source } = tensor;
  const ref = { kind: "shifted", source: source.ref, offset: source.offset, dtype: source.dtype, shift: 1 } as const;
  return { ...tensor, source: { dtype: "F32", ref, offset: 0 } };
}

/** The output matrix is the embedding; some files repeat it. */
export const isRepeatedHead = (name: string): boolean => name === "lm_head.weight";
