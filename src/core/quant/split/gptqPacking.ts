import { groupIndexOf, groupsOf, type QuantizedRows } from "../../export/quantizedLayer";
import { addToFields, fieldsOfWholeWords, putField } from "../../packed/bitWriter";
import { floatToHalf } from "../../decode/half";
import type { IntegerForm } from "./integerForm";
import type { IntegerPacking } from "./integerScheme";
import { gptqRounding } from "./roundToNearest";
import { indivisible, once } from "./splitScheme";
import { wordsOf } from "./words";

/**
 * GPTQ's tensors (formats §3.4): codes packed along the inputs, zero-points along the outputs, float16 scales, and the group
 * of every input. Source: GPTQModel `nn_modules/qlinear/__init__.py` (pack).
 *
 * @param isFirst whether zero-points are stored one less, as in the first version of the format
 */
function gptqPacking(id: string, isFirst: boolean): IntegerPacking {
  return {
    id,
    // One less than 0 is no number of the first version's, whose loaders do not agree on what to make of it.
    rounding: gptqRounding(isFirst ? 1 : 0),
    refuses({ rows, columns }, { bits, groupSize }) {
      const unit = fieldsOfWholeWords(bits);
      return (
        indivisible("indivisibleInputs", columns, unit) ??
        indivisible("indivisibleOutputs", rows, unit) ??
        indivisible("indivisibleInputs", columns, groupSize === -1 ? columns : groupSize)
      );
    },
    parts({ rows, columns }, { bits, groupSize }) {
      const groups = groupsOf(columns, groupSize);
      return [
        { name: "qweight", dtype: "I32", shape: [(columns * bits) / 32, rows] },
        { name: "qzeros", dtype: "I32", shape: [groups, (rows * bits) / 32] },
        { name: "scales", dtype: "F16", shape: [groups, rows] },
        { name: "g_idx", dtype: "I32", shape: [columns] },
      ];
    },
    constants: () => [],
    rowUnit: ({ bits }) => fieldsOfWholeWords(bits),
    regions({ rows: all, columns }, { bits, groupSize }, row, rows) {
      const groups = groupsOf(columns, groupSize);
      const zeroBytes = (count: number): number => (count * bits) / 8;
      return [
        { at: 4 * row, bytes: 4 * rows, runs: (columns * bits) / 32, stride: 4 * all },
        { at: zeroBytes(row), bytes: zeroBytes(rows), runs: groups, stride: zeroBytes(all) },
        { at: 2 * row, bytes: 2 * rows, runs: groups, stride: 2 * all },
        once(row, 4 * columns),
      ];
    },
    pack(rows, _matrix, form, [codes, zeros, scales, order]) {
      packCodes(rows, form, wordsOf(codes!));
      packZeros(rows, form, wordsOf(zeros!));
      if (isFirst) addToFields(wordsOf(zeros!), (rows.rows * form.bits) / 32, form.bits, -1);
      transposeHalves(rows, scales!);
      if (order!.length > 0) wordsOf(order!).set(groupIndexOf(rows));
    },
  };
}

/** Inputs run down the columns of words, whose columns are the outputs. */
function packCodes({ rows, columns, codes }: QuantizedRows, { bits }: IntegerForm, words: Uint32Array): void {
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    for (let column = 0; column < columns; column++) putField(words, row, rows, bits, column, codes[start + column]!);
  }
}

/** Outputs run along the words of every group. */
function packZeros({ rows, zeros }: QuantizedRows, { bits }: IntegerForm, words: Uint32Array): void {
  const groups = zeros.length / rows;
  const perGroup = (rows * bits) / 32;
  for (let row = 0; row < rows; row++) {
    for (let group = 0; group < groups; group++) putField(words, group * perGroup, 1, bits, row, zeros[row * groups + group]!);
  }
}

/** Scales of all rows for the first group, then for the next. */
function transposeHalves({ rows, scales }: QuantizedRows, bytes: Uint8Array): void {
  const groups = scales.length / rows;
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  for (let row = 0; row < rows; row++) {
    for (let group = 0; group < groups; group++) halves[group * rows + row] = floatToHalf(scales[row * groups + group]!);
  }
}

/** As AutoGPTQ wrote it and most loaders expect it. */
export const gptqV1 = gptqPacking("gptq", true);
/** With zero-points as they are. */
export const gptqV2 = gptqPacking("gptq-v2", false);
