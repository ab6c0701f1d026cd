/**
 * IEEE 754 binary16 ("half", F16) to and from numbers. Node 20 has no Float16Array.
 */
const scales = Float64Array.from({ length: 32 }, (_, exponent) => 2 ** (exponent - 25));

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Value of the 16 bits `half`; exact, subnormals, infinities and NaN included. */
export function halfToFloat(half: number): number {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * scales[exponent]!;
}

/** The nearest half of float32 `value` (ties to even; 65520 and more become infinity; NaN becomes the quiet NaN 0x7E00). */
export function floatToHalf(value: number): number {
  float[0] = value;
  const pattern = bits[0]!;
  const sign = (pattern >>> 16) & 0x8000;
  const magnitude = pattern & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // 65520: halfway to the first value that does not exist
  if (magnitude >= 0x38800000) {
    // Normal: rebias the exponent from 127 to 15; adding just under half a unit, plus the last kept bit, rounds to even.
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  // Subnormal, in units of 2^-24: adding 0.5 in float32 leaves exactly those units as the low bits, rounded to even.
  float[0] = Math.abs(float[0]!) + 0.5;
  return sign | (bits[0]! - 0x3f000000);
}

let table: Float32Array | undefined;

/** The values of all 65,536 halves. Built on first use. */
export function halfTable(): Float32Array {
  table ??= Float32Array.from({ length: 65_536 }, (_, half) => halfToFloat(half));
  return table;
}
