import { bfloat16ToFloat, floatToBfloat16 } from "../../decode/bfloat16";
import { floatToHalf, halfToFloat } from "../../decode/half";

/** A float type in which arithmetic is done: its rounding, and how a number is stored in it. */
export interface FloatArithmetic {
  readonly dtype: string;
  readonly bytes: 2 | 4;
  round(value: number): number;
  store(view: DataView, at: number, value: number): void;
}

const types: readonly FloatArithmetic[] = [
  {
    dtype: "BF16",
    bytes: 2,
    round: (value) => bfloat16ToFloat(floatToBfloat16(value)),
    store: (view, at, value) => view.setUint16(at, floatToBfloat16(value), true),
  },
  {
    dtype: "F16",
    bytes: 2,
    round: (value) => halfToFloat(floatToHalf(value)),
    store: (view, at, value) => view.setUint16(at, floatToHalf(value), true),
  },
];
const single: FloatArithmetic = {
  dtype: "F32",
  bytes: 4,
  round: Math.fround,
  store: (view, at, value) => view.setFloat32(at, value, true),
};

/** Arithmetic in the type that weights are stored in; in float32 where that is another one. */
export function arithmeticOf(dtype: string): FloatArithmetic {
  return types.find((type) => type.dtype === dtype) ?? single;
}

/** The scale of zeros in compressed-tensors: the type's epsilon. */
export function leastScale(dtype: string): number {
  return dtype === "BF16" ? 2 ** -7 : dtype === "F16" ? 2 ** -10 : 2 ** -23;
}
