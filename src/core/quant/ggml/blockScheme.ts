import type { BlockFormat } from "../../decode/ggml/blockFormat";
import { decodeBlocks } from "../../decode/ggml/decodeBlocks";
import { matrixShape } from "../../tensor/tensorInfo";
import type { ByteScheme } from "../scheme";
import { storableType } from "./fallback";
import { type BlockImportance, meanSquare } from "./weights";

/**
 * Quantizes the `format.size` values of `source` from `at` into the block of `target` at byte `offset`. Types that ggml
 * quantizes the same way with and without importance matrix take no notice of `importance`.
 */
export type QuantizeBlock = (
  source: Float32Array,
  at: number,
  target: Uint8Array,
  offset: number,
  importance: BlockImportance | undefined,
) => void;

/**
 * A scheme that stores ggml blocks. Its bytes equal those of `ggml_quantize_chunk` on x86-64 for finite input, with and
 * without importance matrix.
 */
export function blockScheme(format: BlockFormat, label: string, quantizeBlock: QuantizeBlock): ByteScheme {
  const { id, size, bytes } = format;
  return {
    id,
    label,
    family: "ggml",
    blockSize: size,
    bytes(shape) {
      const { rows, columns } = matrixShape(shape);
      if (columns % size !== 0) throw new RangeError(`${id}: rows of ${columns} values do not divide into blocks of ${size}`);
      return ((rows * columns) / size) * bytes;
    },
    applicable(shape) {
      const { columns } = matrixShape(shape);
      const stored = storableType(id, columns);
      if (stored === id) return true;
      return { reason: `columns ${columns} are not a multiple of ${size}`, fallback: stored === "F16" ? "f16" : stored };
    },
    quantizeRows(source, columns, target, importance) {
      if (columns % size !== 0) throw new RangeError(`${id}: rows of ${columns} values do not divide into blocks of ${size}`);
      if (importance && importance.length !== columns) {
        throw new RangeError(`${id}: ${importance.length} importance weights for rows of ${columns} values`);
      }
      const context = importance && { weights: importance, column: 0, rowMeanSquare: 0 };
      let offset = 0;
      for (let row = 0; row < source.length; row += columns) {
        if (context) context.rowMeanSquare = meanSquare(source, row, columns);
        for (let column = 0; column < columns; column += size, offset += bytes) {
          if (context) context.column = column;
          quantizeBlock(source, row + column, target, offset, context);
        }
      }
    },
    dequantizeRows(source, columns, target) {
      if (columns % size !== 0) throw new RangeError(`${id}: rows of ${columns} values do not divide into blocks of ${size}`);
      decodeBlocks(format, source, target);
    },
  };
}
