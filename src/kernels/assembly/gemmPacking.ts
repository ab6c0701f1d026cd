/** Rows of A that are packed at a time: with `GEMM_DEPTH` 72 KB, in the second-level cache. A multiple of 4. */
export const GEMM_ROWS: i32 = 48;
/** Values along k that are summed before the sum goes to C. */
export const GEMM_DEPTH: i32 = 384;
/** Columns of B that are packed at a time. A multiple of 8. */
export const GEMM_COLUMNS: i32 = 768;

/** Strips of 4 rows of A: for each k four values, one of each row; missing rows as zeros. `stride` is in bytes. */
export function packLeft(rows: i32, depth: i32, source: usize, stride: usize, target: usize, alpha: f32): void {
  const factor = f32x4.splat(alpha);
  for (let i: i32 = 0; i < rows; i += 4, source += 4 * stride) {
    const valid = rows - i;
    let k: i32 = 0;
    if (valid >= 4) {
      for (; k + 4 <= depth; k += 4, target += 64) {
        const p = source + ((<usize>k) << 2);
        const r0 = v128.load(p);
        const r1 = v128.load(p + stride);
        const r2 = v128.load(p + 2 * stride);
        const r3 = v128.load(p + 3 * stride);
        const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
        const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
        const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
        const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
        v128.store(target, f32x4.mul(factor, v128.shuffle<f64>(t0, t1, 0, 2)));
        v128.store(target, f32x4.mul(factor, v128.shuffle<f64>(t0, t1, 1, 3)), 16);
        v128.store(target, f32x4.mul(factor, v128.shuffle<f64>(t2, t3, 0, 2)), 32);
        v128.store(target, f32x4.mul(factor, v128.shuffle<f64>(t2, t3, 1, 3)), 48);
      }
    }
    for (; k < depth; k++, target += 16) {
      for (let r: i32 = 0; r < 4; r++) {
        const value: f32 = r < valid ? load<f32>(source + <usize>r * stride + ((<usize>k) << 2)) : 0;
        store<f32>(target + ((<usize>r) << 2), alpha * value);
      }
    }
  }
}

/** The same strips from the transpose of A, whose rows are A's columns: a whole number of strips. */
export function packLeftTransposed(rows: i32, depth: i32, source: usize, stride: usize, target: usize, alpha: f32): void {
  const factor = f32x4.splat(alpha);
  for (let i: i32 = 0; i < rows; i += 4, source += 16) {
    let p = source;
    for (let k: i32 = 0; k < depth; k++, p += stride, target += 16) v128.store(target, f32x4.mul(factor, v128.load(p)));
  }
}

/** Panels of 8 columns of B: for each k eight values; missing columns as zeros. */
export function packRight(columns: i32, depth: i32, source: usize, stride: usize, target: usize): void {
  for (let j: i32 = 0; j < columns; j += 8, source += 32) {
    const valid = columns - j;
    let p = source;
    for (let k: i32 = 0; k < depth; k++, p += stride, target += 32) {
      if (valid >= 8) {
        v128.store(target, v128.load(p));
        v128.store(target, v128.load(p, 16), 16);
      } else {
        for (let c: i32 = 0; c < 8; c++) {
          const place = (<usize>c) << 2;
          store<f32>(target + place, c < valid ? load<f32>(p + place) : 0);
        }
      }
    }
  }
}

/** The same panels from the transpose of B: each column is a row of the source. */
export function packRightTransposed(columns: i32, depth: i32, source: usize, stride: usize, target: usize): void {
  for (let j: i32 = 0; j < columns; j += 8, source += 8 * stride) {
    const valid = columns - j;
    let k: i32 = 0;
    if (valid >= 8) {
      for (; k + 4 <= depth; k += 4, target += 128) {
        const p = source + ((<usize>k) << 2);
        transposeFour(p, stride, target);
        transposeFour(p + 4 * stride, stride, target + 16);
      }
    }
    for (; k < depth; k++, target += 32) {
      for (let c: i32 = 0; c < 8; c++) {
        const value: f32 = c < valid ? load<f32>(source + <usize>c * stride + ((<usize>k) << 2)) : 0;
        store<f32>(target + ((<usize>c) << 2), value);
      }
    }
  }
}

/** Four values of four rows become four vectors, 32 bytes apart. */
function transposeFour(source: usize, stride: usize, target: usize): void {
  const r0 = v128.load(source);
  const r1 = v128.load(source + stride);
  const r2 = v128.load(source + 2 * stride);
  const r3 = v128.load(source + 3 * stride);
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t2 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f64>(t0, t1, 0, 2));
  v128.store(target, v128.shuffle<f64>(t0, t1, 1, 3), 32);
  v128.store(target, v128.shuffle<f64>(t2, t3, 0, 2), 64);
  v128.store(target, v128.shuffle<f64>(t2, t3, 1, 3), 96);
}
