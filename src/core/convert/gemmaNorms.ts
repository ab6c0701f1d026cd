import { FormatError } from "../errors";
import { findDType } from "../tensor/dtype";
import type { SourceTensor } from "./sourceModel";

/** Gemma stores its norm weights less 1, GGUF as they are applied. Source: llama.cpp `conversion/gemma.py`. */
export function withPlainNorms(tensor: SourceTensor): SourceTensor {
  return withShiftedNorms(tensor, 1);
}

/** The way back. @throws FormatError `convert.norm-type` for norms in blocks, which nobody writes */
export function withReducedNorms(tensor: SourceTensor): SourceTensor {
  const { dtype } = tensor.source;
  if (tensor.name.endsWith("norm.weight") && findDType(dtype)?.family !== "float") {
    throw new FormatError("convert.norm-type", `The norm ${tensor.name} is of a type that norms do not have`, {
      tensor: tensor.name,
      expected: "F32, F16 or BF16",
      found: dtype,
    });
  }
  return withShiftedNorms(tensor, -1);
}

function withShiftedNorms(tensor: SourceTensor, shift: number): SourceTensor {
  if (!tensor.name.endsWith("norm.weight")) return tensor;
  const { source } = tensor;
  const ref = { kind: "shifted", source: source.ref, offset: source.offset, dtype: source.dtype, shift } as const;
  return { ...tensor, source: { dtype: "F32", ref, offset: 0 } };
}

/** The output matrix is the embedding; some files repeat it. */
export const isRepeatedHead = (name: string): boolean => name === "lm_head.weight";
