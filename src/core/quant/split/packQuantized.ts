import { groupIndexOf, groupsOf, type QuantizedRows } from "../../export/quantizedLayer";
import { fieldsOfWholeWords, putField } from "../../packed/bitWriter";
import type { IntegerPacking } from "./integerScheme";
import { compressedTensorsRounding } from "./roundToNearest";
import { arithmeticOf } from "./roundTo";
import { indivisible, once, solid } from "./splitScheme";
import { wordsOf } from "./words";

/**
 * compressed-tensors' pack-quantized integers (formats §6.3): a stream of words along every row; zero-points in words down
 * the outputs. Source: compressed-tensors `compressors/pack_quantized`.
 */
export const packQuantized: IntegerPacking = {
  id: "pack-quantized",
  rounding: compressedTensorsRounding,
  refuses({ rows, columns }, { bits, groupSize, symmetric }) {
    const group = groupSize === -1 ? columns : groupSize;
    const unit = symmetric ? 1 : fieldsOfWholeWords(bits);
    return indivisible("indivisibleInputs", columns, group) ?? indivisible("indivisibleOutputs", rows, unit);
  },
  parts({ rows, columns, dtype }, { bits, groupSize, symmetric, ordered }) {
    const groups = groupsOf(columns, groupSize);
    return [
      { name: "weight_packed", dtype: "I32", shape: [rows, rowWords(columns, bits)] },
      { name: "weight_scale", dtype: arithmeticOf(dtype).dtype, shape: [rows, groups] },
      ...(symmetric ? [] : [{ name: "weight_zero_point", dtype: "I32", shape: [(rows * bits) / 32, groups] }]),
      ...(ordered ? [{ name: "weight_g_idx", dtype: "I32", shape: [columns] }] : []),
    ];
  },
  constants({ rows, columns }) {
    const bytes = new Uint8Array(new BigInt64Array([BigInt(rows), BigInt(columns)]).buffer);
    return [{ name: "weight_shape", dtype: "I64", shape: [2], bytes }];
  },
  rowUnit: ({ bits, symmetric }) => (symmetric ? 1 : fieldsOfWholeWords(bits)),
  regions({ columns, dtype }, { bits, groupSize, symmetric, ordered }, row, rows) {
    const groups = groupsOf(columns, groupSize);
    const rowBytes = 4 * rowWords(columns, bits);
    const scaleBytes = groups * arithmeticOf(dtype).bytes;
    const zeroBytes = (groups * bits) / 8;
    return [
      solid(rowBytes * row, rowBytes * rows),
      solid(scaleBytes * row, scaleBytes * rows),
      ...(symmetric ? [] : [solid(zeroBytes * row, zeroBytes * rows)]),
      ...(ordered ? [once(row, 4 * columns)] : []),
    ];
  },
  pack(rows, { dtype }, { bits, symmetric, ordered }, [codes, scales, ...others]) {
    packRows(rows, bits, wordsOf(codes!));
    storeScales(rows, dtype, scales!);
    if (!symmetric) packZeros(rows, bits, wordsOf(others[0]!));
    const order = ordered ? others.at(-1)! : undefined;
    if (order && order.length > 0) wordsOf(order).set(groupIndexOf(rows));
  },
};

function rowWords(columns: number, bits: number): number {
  return Math.ceil((columns * bits) / 32);
}

function packRows({ rows, columns, codes }: QuantizedRows, bits: number, words: Uint32Array): void {
  const width = rowWords(columns, bits);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) putField(words, row * width, 1, bits, column, codes[row * columns + column]!);
  }
}

function packZeros({ rows, zeros }: QuantizedRows, bits: number, words: Uint32Array): void {
  const groups = zeros.length / rows;
  for (let row = 0; row < rows; row++) {
    for (let group = 0; group < groups; group++) putField(words, group, groups, bits, row, zeros[row * groups + group]!);
  }
}

/** Scales in the order they have, in the type of the weights. */
export function storeScales({ scales }: QuantizedRows, dtype: string, into: Uint8Array): void {
  const { bytes, store } = arithmeticOf(dtype);
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  scales.forEach((scale, i) => store(view, i * bytes, scale));
}
