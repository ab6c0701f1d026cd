import { countValues, matrixShape } from "../tensor/tensorInfo";
import { roundHalfEven } from "./roundHalfEven";
import { largestMagnitude } from "./blockwise";
import { rowsFit } from "./rowsFit";
import type { ValueScheme } from "./scheme";

/** float32 of 1/127, by which the library multiplies; a division gives other last bits. */
const unit = Math.fround(1 / 127);

/**
 * Codes of one row of weights for LLM.int8 (Dettmers et al. 2022): rint(x · 127 / max|x|), in float32 as bitsandbytes does.
 *
 * @returns the row's largest magnitude, stored beside the codes (`SCB`)
 */
export function quantizeInt8Row(row: Float32Array, codes: Int8Array): number {
  const largest = largestMagnitude(row, 0, row.length);
  // PyTorch divides a number by a tensor by way of the tensor's reciprocal.
  const factor = Math.fround(127 * Math.fround(1 / largest));
  for (let i = 0; i < row.length; i++) {
    codes[i] = largest > 0 && Number.isFinite(row[i]) ? roundHalfEven(Math.fround(row[i]! * factor)) : 0;
  }
  return largest;
}

/** The weights of bitsandbytes' LLM.int8: eight bits and a float32 a row. */
export const llmInt8: ValueScheme = {
  id: "llm-int8",
  label: "LLM.int8 · 8 bits, per row",
  family: "integer",
  blockSize: 0,
  cut: "row",
  bytes: (shape) => countValues(shape) + 4 * (countValues(shape) === 0 ? 0 : matrixShape(shape).rows),
  applicable: rowsFit,
  fakeQuantize(source, columns, target) {
    const codes = new Int8Array(columns);
    for (let start = 0; start < source.length; start += columns) {
      const largest = quantizeInt8Row(source.subarray(start, start + columns), codes);
      for (let i = 0; i < columns; i++) target[start + i] = Math.fround(codes[i]! * largest) * unit;
    }
  },
};
