import type { Minifloat } from "../decode/minifloat";
import { minifloatTable } from "../decode/minifloat";

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Makes the conversion from float32 to the codes of an 8-bit float: round to nearest, ties to even, subnormals included.
 * What is too large becomes the largest finite value, infinities too: the saturating conversion of the OCP FP8
 * specification and of FP8 weight quantizers. (PyTorch's bare cast gives NaN for E4M3 and infinity for E5M2 there.)
 * NaN stays NaN.
 */
export function minifloatRounder(format: Minifloat): (value: number) => number {
  const { exponentBits, fractionBits, bias } = format;
  const table = minifloatTable(format);
  const signBit = 1 << (exponentBits + fractionBits);
  let largest = signBit - 1;
  while (!Number.isFinite(table[largest]!)) largest--;
  const nan = signBit - 1;
  const dropped = 23 - fractionBits;
  /** Pattern of the smallest normal value. */
  const normal = (127 + 1 - bias) << 23;
  /** Distance of two subnormal values. */
  const unit = 2 ** (1 - bias - fractionBits);
  return (value) => {
    float[0] = value;
    const pattern = bits[0]!;
    const sign = pattern >>> 31 ? signBit : 0;
    const magnitude = pattern & 0x7fffffff;
    if (magnitude > 0x7f800000) return sign | nan;
    if (magnitude < normal) {
      const units = Math.abs(value) / unit;
      const floor = Math.floor(units);
      const rest = units - floor;
      return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
    }
    const half = (1 << (dropped - 1)) - 1;
    const code = (magnitude - ((127 - bias) << 23) + half + ((magnitude >>> dropped) & 1)) >>> dropped;
    return sign | Math.min(code, largest);
  };
}
