import type { BlockFormat } from "../../../decode/ggml/blockFormat";
import { UsageError } from "../../../errors";
import type { ByteScheme } from "../../scheme";
import { blockScheme } from "../blockScheme";

/**
 * Quantizes the 256 values of `source` from `at` into the block of `target` at byte `offset`.
 *
 * @param importance weights of a row's columns
 * @param column which of them belongs to the first value
 */
export type QuantizeWeighted = (
  source: Float32Array,
  at: number,
  target: Uint8Array,
  offset: number,
  importance: Float32Array | undefined,
  column: number,
) => void;

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

/**
 * A scheme that stores vectors of a code book under shared scales: ggml's IQ1 to IQ3. Its bytes equal `ggml_quantize_chunk` on x86-64
 * for finite input.
 *
 * @param needsImportance whether ggml refuses to quantize to this type without an importance matrix; then so does `quantizeRows`,
 *   with UsageError `importance-required`
 */
export function latticeScheme(format: BlockFormat, label: string, needsImportance: boolean, quantize: QuantizeWeighted): ByteScheme {
  const { id, size, bytes } = format;
  return {
    ...blockScheme(format, label, (source, at, target, offset) => quantize(source, at, target, offset, undefined, 0)),
    needsImportance,
    quantizeRows(source, columns, target, importance) {
      if (columns % size !== 0) throw new RangeError(`${id}: rows of ${columns} values do not divide into blocks of ${size}`);
      if (importance && importance.length !== columns) {
        throw new RangeError(`${id}: ${importance.length} importance weights for rows of ${columns} values`);
      }
      if (needsImportance && !importance) throw importanceRequired(id);
      const blocks = source.length / size;
      for (let block = 0; block < blocks; block++) {
        quantize(source, block * size, target, block * bytes, importance, (block * size) % columns);
      }
    },
  };
}

function importanceRequired(id: string): UsageError {
  return new UsageError("importance-required", `${id} needs an importance matrix: at so few bits, ggml refuses to quantize without one.`, {
    found: id,
    hint: "Give an importance matrix of this model, or choose Q2_K or IQ3_S.",
  });
}
