import { floatToBfloat16 } from "../decode/bfloat16";
import { findDecoder } from "../decode/decoder";
import { floatToHalf } from "../decode/half";
import { minifloats } from "../decode/minifloat";
import { countValues } from "../tensor/tensorInfo";
import { minifloatRounder } from "./minifloatRounding";
import type { FloatScheme } from "./scheme";

function floatScheme(
  id: string,
  label: string,
  dtype: string,
  size: number,
  overflowFrom: number,
  store: (source: Float32Array, target: Uint8Array) => void,
): FloatScheme {
  return {
    id,
    label,
    family: "float",
    overflowFrom,
    blockSize: 1,
    bytes: (shape) => size * countValues(shape),
    applicable: () => true,
    quantizeRows: (source, _columns, target) => store(source, target),
    dequantizeRows: (source, _columns, target) => findDecoder(dtype)!.decode(source, target),
  };
}

function store16(convert: (value: number) => number): (source: Float32Array, target: Uint8Array) => void {
  return (source, target) => {
    for (let i = 0; i < source.length; i++) {
      const bits = convert(source[i]!);
      target[2 * i] = bits & 255;
      target[2 * i + 1] = bits >> 8;
    }
  };
}

function store8(convert: (value: number) => number): (source: Float32Array, target: Uint8Array) => void {
  return (source, target) => {
    for (let i = 0; i < source.length; i++) target[i] = convert(source[i]!);
  };
}

function copy32(source: Float32Array, target: Uint8Array): void {
  target.set(new Uint8Array(source.buffer, source.byteOffset, source.byteLength));
}

/** Halfway from the largest bfloat16 to the next power of two. */
const bfloat16Overflow = 2 ** 128 - 2 ** 119;

/** Plain floating-point storage: one number a weight, no scales; rounds to nearest, ties to even. */
export const floatSchemes: readonly FloatScheme[] = [
  floatScheme("f32", "F32 · single precision", "F32", 4, Infinity, copy32),
  floatScheme("f16", "F16 · half precision", "F16", 2, 65_520, store16(floatToHalf)),
  floatScheme("bf16", "BF16 · bfloat16", "BF16", 2, bfloat16Overflow, store16(floatToBfloat16)),
  floatScheme("fp8-e4m3", "FP8 E4M3 · 8-bit float", "F8_E4M3", 1, 464 + 2 ** -15, store8(minifloatRounder(minifloats.F8_E4M3))),
  floatScheme("fp8-e5m2", "FP8 E5M2 · 8-bit float, wide range", "F8_E5M2", 1, 61_440, store8(minifloatRounder(minifloats.F8_E5M2))),
];
