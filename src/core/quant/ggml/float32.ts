/*
 * C float32 idioms of ggml, so that codes come out byte for byte equal. A float64 operation on float32 operands followed
 * by `Math.fround` is exactly the float32 operation.
 */

/** 1.5·2²³: float32 numbers this large have no fraction, so adding and subtracting it rounds to an integer, ties to even. */
const magic = 12_582_912;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** What ggml reads out of the bits of a sum that left the range of the trick: 0 for NaN, −2²² for infinities. */
function nearestIntFar(value: number): number {
  float[0] = value + magic;
  return (bits[0]! & 0x007fffff) - 0x00400000;
}

/** ggml's `nearest_int` of a float32: half to even up to 4194303, beyond that whatever its bit trick gives. */
export function nearestInt(value: number): number {
  return Math.abs(value) <= 4_194_303 ? Math.fround(Math.fround(value + magic) - magic) : nearestIntFar(value);
}

/** C `roundf` followed by a cast to a 32-bit integer: half away from zero; NaN and infinities give 0 in the low byte. */
export function roundAwayFromZero(value: number): number {
  return (value < 0 ? -Math.floor(0.5 - value) : Math.floor(value + 0.5)) | 0;
}

/** C cast of a float32 to `int8_t` on x86-64: truncation, then the low byte. */
export function truncateToInt8(value: number): number {
  return (value << 24) >> 24;
}

/** `nearestInt(value)` limited to [0, max]. */
export function nearestCode(value: number, max: number): number {
  const code = nearestInt(value);
  return code > max ? max : code > 0 ? code : 0;
}

/** `nearestInt(value)` limited to [−limit, limit − 1]. */
export function nearestSigned(value: number, limit: number): number {
  const code = nearestInt(value);
  return code >= limit ? limit - 1 : code < -limit ? -limit : code;
}

/** 1 / value in float32, or 0 for 0. */
export function reciprocalOrZero(value: number): number {
  return value === 0 ? 0 : Math.fround(1 / value);
}

/** Little-endian 16 bits. */
export function storeUint16(target: Uint8Array, offset: number, value: number): void {
  target[offset] = value & 255;
  target[offset + 1] = value >> 8;
}

/** The value of largest magnitude, with its sign (the first on ties; +0 where all are zero). */
export function extremeValue(x: Float32Array, at: number, count: number): number {
  let extreme = 0;
  let magnitude = 0;
  for (let i = at; i < at + count; i++) {
    const value = x[i]!;
    if (magnitude < Math.abs(value)) {
      magnitude = Math.abs(value);
      extreme = value;
    }
  }
  return extreme;
}
