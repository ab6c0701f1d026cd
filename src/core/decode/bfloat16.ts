/** BF16: the top half of a float32. */
const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The nearest BF16 of float32 `value`, ties to even. A NaN keeps its top bits and becomes quiet, as in ggml. */
export function floatToBfloat16(value: number): number {
  float[0] = value;
  const pattern = bits[0]!;
  if ((pattern & 0x7fffffff) > 0x7f800000) return (pattern >>> 16) | 64;
  return ((pattern + 0x7fff + ((pattern >>> 16) & 1)) / 65_536) & 0xffff;
}

/** Value of the 16 bits `pattern`; exact. */
export function bfloat16ToFloat(pattern: number): number {
  bits[0] = pattern << 16;
  return float[0]!;
}
