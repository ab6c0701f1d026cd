// How super-blocks pack 256 codes of one byte each.

/** Low four bits: of each 2 · `distance` codes, byte l holds code l in its low and code l + distance in its high half. */
export function packNibbles(codes: usize, distance: usize, target: usize): void {
  const low = i8x16.splat(15);
  for (const end = codes + 256; codes < end; codes += distance) {
    for (const half = codes + distance; codes < half; codes += 16, target += 16) {
      const high = i16x8.shl(v128.and(v128.load(codes + distance), low), 4);
      v128.store(target, v128.or(v128.and(v128.load(codes), low), high));
    }
  }
}

/** Two bits from bit `from` up: of each 128 codes, byte l holds those of codes l, l + 32, l + 64 and l + 96 from its low bits up. */
export function packTwoBits(codes: usize, from: i32, target: usize): void {
  const pair = i8x16.splat(3);
  for (const end = codes + 256; codes < end; codes += 128, target += 32) {
    for (let l: usize = 0; l < 32; l += 16) {
      const a = v128.and(i16x8.shr_u(v128.load(codes + l), from), pair);
      const b = v128.and(i16x8.shr_u(v128.load(codes + l, 32), from), pair);
      const c = v128.and(i16x8.shr_u(v128.load(codes + l, 64), from), pair);
      const d = v128.and(i16x8.shr_u(v128.load(codes + l, 96), from), pair);
      v128.store(target + l, v128.or(v128.or(a, i16x8.shl(b, 2)), v128.or(i16x8.shl(c, 4), i16x8.shl(d, 6))));
    }
  }
}

/** Bit `from`: bit j of byte l is that of code 32 · j + l. */
export function packOneBit(codes: usize, from: i32, target: usize): void {
  const one = i8x16.splat(1);
  for (let l: usize = 0; l < 32; l += 16) {
    let bits = i8x16.splat(0);
    for (let j: i32 = 0; j < 8; j++) {
      const bit = v128.and(i16x8.shr_u(v128.load(codes + ((<usize>j) << 5) + l), from), one);
      bits = v128.or(bits, i16x8.shl(bit, j));
    }
    v128.store(target + l, bits);
  }
}
