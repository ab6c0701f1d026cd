import { f16ToF32 } from "./half";

/**
 * Q4_K super-blocks of 256 (binary16 d and dmin, 12 bytes of six-bit scales and mins, 128 bytes of codes) to float32:
 * (d · scale) · code − dmin · min. `n` is a multiple of 256.
 */
export function decodeQ4_K(source: usize, n: i32, target: usize): void {
  for (let end = target + ((<usize>n) << 2); target < end; source += 144) {
    const d = f16ToF32(load<u16>(source));
    const dmin = f16ToF32(load<u16>(source, 2));
    for (let pair: usize = 0; pair < 4; pair++, target += 256) {
      const codes = source + 16 + (pair << 5);
      const low = pair << 1;
      decodeSubBlock(codes, 0, d * <f32>sixBitScale(source + 4, low), dmin * <f32>sixBitMin(source + 4, low), target);
      decodeSubBlock(codes, 4, d * <f32>sixBitScale(source + 4, low + 1), dmin * <f32>sixBitMin(source + 4, low + 1), target + 128);
    }
  }
}

/** Scale of sub-block `j`: the first four are the low six bits of a byte, the others are split in four and two bits. */
function sixBitScale(packed: usize, j: usize): u32 {
  if (j < 4) return load<u8>(packed + j) & 63;
  return (load<u8>(packed + j + 4) & 15) | ((load<u8>(packed + j - 4) >> 6) << 4);
}

/** Minimum of sub-block `j`, packed likewise. */
function sixBitMin(packed: usize, j: usize): u32 {
  if (j < 4) return load<u8>(packed + j + 4) & 63;
  return (load<u8>(packed + j + 4) >> 4) | ((load<u8>(packed + j) >> 6) << 4);
}

/** 32 codes in the nibbles that start at bit `shift` of 32 bytes. */
function decodeSubBlock(codes: usize, shift: i32, scale: f32, min: f32, target: usize): void {
  const scales = f32x4.splat(scale);
  const mins = f32x4.splat(min);
  for (let end = codes + 32; codes < end; codes += 8, target += 32) {
    const nibbles = v128.and(i16x8.shr_u(v128.load8x8_u(codes), shift), i16x8.splat(15));
    v128.store(target, f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(nibbles)), scales), mins));
    v128.store(target, f32x4.sub(f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_u(nibbles)), scales), mins), 16);
  }
}
