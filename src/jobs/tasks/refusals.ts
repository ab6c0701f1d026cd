import { FormatError } from "../../core/errors";
import { findDType } from "../../core/tensor/dtype";

/**
 * Nothing that is not finite is written.
 *
 * @param place index among the values from `from`, or −1
 */
export function refuseNonFinite(place: number, tensor: string, from: number): void {
  if (place < 0) return;
  throw new FormatError("quantize.not-finite", `${tensor} holds a value that is not finite: number ${from + place}`, {
    tensor,
    expected: "finite values",
    found: `NaN or infinity at index ${from + place}`,
    hint: "The checkpoint is damaged, or training diverged. Nothing was written.",
  });
}

/** @returns the error for a number that a type cannot hold, near value `index` */
export function overflow(type: string, tensor: string, index: number): FormatError {
  const isFloat = findDType(type)?.family === "float";
  return new FormatError("quantize.overflow", `${tensor} holds values too large for ${type}: near number ${index}`, {
    tensor,
    expected: isFloat ? `values that ${type} can hold` : "values whose scale fits in half precision",
    found: isFloat ? `a value at index ${index} that would become infinite` : `a block at index ${index} whose scale would not fit`,
    hint: `Choose ${type === "BF16" ? "F32" : "BF16 or F32"} for this tensor. Nothing was written.`,
  });
}
