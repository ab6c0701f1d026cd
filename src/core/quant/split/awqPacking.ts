import { groupsOf } from "../../export/quantizedLayer";
import { awqShift } from "../../packed/codes";
import type { IntegerPacking } from "./integerScheme";
import { awqRounding } from "./roundToNearest";
import { arithmeticOf } from "./roundTo";
import { indivisible } from "./splitScheme";
import { wordsOf } from "./words";

/** Outputs of a word. */
const perWord = 8;
/** AutoAWQ packs whole multiples of it: fewer leave empty tensors behind. */
const outputUnit = 32;

/** AutoAWQ's GEMM tensors (formats §4.5): eight outputs a word in an order of their own. Source: AutoAWQ `modules/linear/gemm.py`. */
export const awqPacking: IntegerPacking = {
  id: "awq",
  rounding: awqRounding,
  refuses({ rows, columns }, { groupSize }) {
    const group = groupSize === -1 ? columns : groupSize;
    return indivisible("indivisibleOutputs", rows, outputUnit) ?? indivisible("indivisibleInputs", columns, group);
  },
  parts({ rows, columns, dtype }, { groupSize }) {
    const groups = groupsOf(columns, groupSize);
    return [
      { name: "qweight", dtype: "I32", shape: [columns, rows / perWord] },
      { name: "qzeros", dtype: "I32", shape: [groups, rows / perWord] },
      { name: "scales", dtype: arithmeticOf(dtype).dtype, shape: [groups, rows] },
    ];
  },
  constants: () => [],
  rowUnit: () => perWord,
  regions({ rows: all, columns, dtype }, { groupSize }, row, rows) {
    const groups = groupsOf(columns, groupSize);
    const { bytes } = arithmeticOf(dtype);
    const words = { at: row / 2, bytes: rows / 2, stride: all / 2 };
    return [
      { ...words, runs: columns },
      { ...words, runs: groups },
      { at: bytes * row, bytes: bytes * rows, runs: groups, stride: bytes * all },
    ];
  },
  pack({ rows, columns, codes, scales, zeros }, { dtype }, _form, [codeBytes, zeroBytes, scaleBytes]) {
    const groups = zeros.length / rows;
    packOutputs(codes, rows, columns, wordsOf(codeBytes!));
    packOutputs(zeros, rows, groups, wordsOf(zeroBytes!));
    const { bytes, store } = arithmeticOf(dtype);
    const view = new DataView(scaleBytes!.buffer, scaleBytes!.byteOffset);
    for (let row = 0; row < rows; row++) {
      for (let group = 0; group < groups; group++) store(view, bytes * (group * rows + row), scales[row * groups + group]!);
    }
  },
};

/** Nibbles of a matrix of outputs × `columns` into words of columns × outputs. */
function packOutputs(fields: Uint8Array | Float32Array, rows: number, columns: number, words: Uint32Array): void {
  const width = rows / perWord;
  for (let row = 0; row < rows; row++) {
    const shift = awqShift(row);
    for (let column = 0; column < columns; column++) words[column * width + (row >> 3)]! |= fields[row * columns + column]! << shift;
  }
}
