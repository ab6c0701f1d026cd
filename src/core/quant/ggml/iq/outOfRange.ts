import { UsageError } from "../../../errors";

/** What is thrown for values whose weighted squares leave the range of float32; ggml ends the process there. */
export function notRepresentable(): UsageError {
  return new UsageError(
    "values-out-of-range",
    "Values this large cannot be quantized to a type with a code book: their squares exceed float32.",
    {
      hint: "Choose a type without code book, such as Q3_K or Q2_K.",
    },
  );
}
