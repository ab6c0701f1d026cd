import { groupsOf, type QuantizedRows } from "../../export/quantizedLayer";
import { roundHalfEven } from "../roundHalfEven";
import type { IntegerForm } from "./integerForm";
import { arithmeticOf, leastScale } from "./roundTo";
import type { SplitMatrix } from "./splitScheme";

/** Scale and zero of one group, whose codes are from 0 to `top`; `low` and `high` are its least and greatest value. */
type GroupRange = (low: number, high: number) => { scale: number; zero: number };

/** What one of the real quantizers does: its scales and zeros, and its codes before they are clamped. */
export type Rounding = (
  form: IntegerForm,
  dtype: string,
) => { range: GroupRange; code: (value: number, scale: number, zero: number) => number };

/** In float32, rounded before the zero is added. */
const roundedCode = (value: number, scale: number, zero: number): number => roundHalfEven(Math.fround(value / scale)) + zero;

/**
 * GPTQ's (formats §3.2): ranges hold 0, all in float32. Not its treatment of a symmetric group without negative values,
 * which it clips at half of the greatest.
 *
 * @param least zero-point that the format can hold: groups whose would be below get a coarser scale
 */
export const gptqRounding =
  (least: 0 | 1): Rounding =>
  ({ bits, symmetric }) => {
    const top = 2 ** bits - 1;
    const middle = 2 ** (bits - 1);
    return {
      code: roundedCode,
      range(low, high) {
        let [from, to] = [Math.min(low, 0), Math.max(high, 0)];
        if (from === 0 && to === 0) [from, to] = [-1, 1];
        if (symmetric) {
          const most = Math.max(-from, to);
          return { scale: Math.fround(Math.fround(2 * most) / top), zero: middle };
        }
        const scale = Math.fround(Math.fround(to - from) / top);
        const zero = clamp(roundHalfEven(Math.fround(-from / scale)), top);
        return zero >= least ? { scale, zero } : { scale: Math.fround(to / (top - least)), zero: least };
      },
    };
  };

/** AutoAWQ's (formats §4.1): ranges need not hold 0. */
export const awqRounding: Rounding = ({ bits }) => {
  const top = 2 ** bits - 1;
  return {
    code: roundedCode,
    range(low, high) {
      const scale = Math.fround(Math.fround(Math.max(Math.fround(high - low), Math.fround(1e-5))) / top);
      return { scale, zero: clamp(-roundHalfEven(Math.fround(low / scale)), top) };
    },
  };
};

/**
 * compressed-tensors' (formats §6.3): all in the type of the weights; symmetric codes use the whole range. Source:
 * compressed-tensors `quantization/utils/helpers.py` (calculate_qparams).
 */
export const compressedTensorsRounding: Rounding = ({ bits, symmetric }, dtype) => {
  const { round } = arithmeticOf(dtype);
  const top = 2 ** bits - 1;
  const middle = 2 ** (bits - 1);
  return {
    // The zero is added before rounding, to a number of the weights' type.
    code: (value, scale, zero) => roundHalfEven(round(round(value / scale) + (zero - middle))) + middle,
    range(low, high) {
      const [from, to] = [Math.min(low, 0), Math.max(high, 0)];
      if (symmetric) return { scale: round(Math.max(-from, to) / (top / 2)) || leastScale(dtype), zero: middle };
      const scale = round(round(to - from) / top) || leastScale(dtype);
      const zero = roundHalfEven(round(-middle - round(from / scale))) + middle;
      return { scale, zero: clamp(zero, top) };
    },
  };
};

/** Rounds whole rows to the nearest codes: no calibration, nothing but the weights. */
export function roundToNearest(
  source: Float32Array,
  { columns, dtype }: SplitMatrix,
  form: IntegerForm,
  rounding: Rounding,
): QuantizedRows {
  const { bits, groupSize, symmetric } = form;
  const { range, code } = rounding(form, dtype);
  const rows = source.length / columns;
  const groups = groupsOf(columns, groupSize);
  const size = groupSize === -1 ? columns : groupSize;
  const top = 2 ** bits - 1;
  const codes = new Uint8Array(source.length);
  const scales = new Float32Array(rows * groups);
  const zeros = new Float32Array(rows * groups);
  for (let row = 0; row < rows; row++) {
    for (let group = 0; group < groups; group++) {
      const start = row * columns + group * size;
      const end = Math.min(start + size, (row + 1) * columns);
      let [low, high] = [Infinity, -Infinity];
      for (let i = start; i < end; i++) {
        const value = source[i]!;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      const { scale, zero } = range(low, high);
      scales[row * groups + group] = scale;
      zeros[row * groups + group] = zero;
      for (let i = start; i < end; i++) codes[i] = clamp(code(source[i]!, scale, zero), top);
    }
  }
  return { rows, columns, bits, groupSize, symmetric, codes, scales, zeros };
}

function clamp(value: number, top: number): number {
  return value < 0 ? 0 : value > top ? top : value;
}
