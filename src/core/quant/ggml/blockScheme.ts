import type { BlockFormat } from "../../decode/ggml/blockFormat";
import { decodeBlocks } from "../../decode/ggml/decodeBlocks";
import { matrixShape } from "../../tensor/tensorInfo";
import type { ByteScheme } from "../scheme";
import { storableType } from "./fallback";

/** Quantizes the `format.size` values of `source` from `at` into the block of `target` at byte `offset`. */
export type QuantizeBlock = (source: Float32Array, at: number, target: Uint8Array, offset: number) => void;

/**
 * A scheme that stores independent ggml blocks. Its bytes equal `ggml_quantize_chunk` without importance matrix on
 * x86-64 for finite input.
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
    quantizeRows(source, columns, target) {
      if (columns % size !== 0) throw new RangeError(`${id}: rows of ${columns} values do not divide into blocks of ${size}`);
      const blocks = source.length / size;
      for (let block = 0; block < blocks; block++) quantizeBlock(source, block * size, target, block * bytes);
    },
    dequantizeRows(source, columns, target) {
      if (columns % size !== 0) throw new RangeError(`${id}: rows of ${columns} values do not divide into blocks of ${size}`);
      decodeBlocks(format, source, target);
    },
  };
}
