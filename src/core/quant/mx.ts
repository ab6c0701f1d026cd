import { type Minifloat, minifloats, minifloatTable } from "../decode/minifloat";
import { countValues } from "../tensor/tensorInfo";
import { largestMagnitude } from "./blockwise";
import { minifloatRounder } from "./minifloatRounding";
import type { ValueScheme } from "./scheme";

/** Values that share one power of two, in every microscaling type. */
const block = 32;
/** Smallest and largest exponent of an E8M0 scale. */
const [leastExponent, mostExponent] = [-127, 127];

/** floor(log2 |x|) of a finite float32 above 0, exact. */
function floorLog2(value: number): number {
  let exponent = Math.floor(Math.log2(value));
  if (2 ** exponent > value) exponent--;
  else if (2 ** (exponent + 1) <= value) exponent++;
  return exponent;
}

/**
 * A type of the OCP Microscaling Formats 1.0: blocks of 32 inside a row with a scale of 2^(floor(log2 max|x|) − emax), E8M0,
 * and elements rounded to nearest even, saturating..
 */
function mxScheme(id: string, label: string, format: Minifloat): ValueScheme {
  const round = minifloatRounder(format);
  const table = minifloatTable(format);
  const bits = 1 + format.exponentBits + format.fractionBits;
  const emax = floorLog2(table.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, value) : most), 0));
  return {
    id,
    label: `${label}, microscaling`,
    family: "float",
    blockSize: block,
    cut: block,
    bytes: (shape) => (countValues(shape) / block) * (1 + 4 * bits),
    applicable(shape) {
      const columns = shape.at(-1) ?? 1;
      return columns % block === 0 || { reason: `columns ${columns} are not a multiple of ${block}`, fallback: "f16" };
    },
    fakeQuantize(source, _columns, target) {
      for (let start = 0; start < source.length; start += block) {
        const largest = largestMagnitude(source, start, start + block);
        const exponent = largest > 0 ? Math.max(leastExponent, Math.min(mostExponent, floorLog2(largest) - emax)) : leastExponent;
        const scale = 2 ** exponent;
        for (let i = start; i < start + block; i++) target[i] = table[round(source[i]! / scale)]! * scale;
      }
    },
  };
}

/** Microscaling types beside MXFP4, which ggml has. */
export const mxSchemes: readonly ValueScheme[] = [
  mxScheme("mxfp8-e4m3", "MXFP8 E4M3 · 8-bit float", minifloats.F8_E4M3),
  mxScheme("mxfp8-e5m2", "MXFP8 E5M2 · 8-bit float, wide range", minifloats.F8_E5M2),
  mxScheme("mxfp6-e2m3", "MXFP6 E2M3 · 6-bit float", minifloats.F6_E2M3),
  mxScheme("mxfp6-e3m2", "MXFP6 E3M2 · 6-bit float, wide range", minifloats.F6_E3M2),
];
