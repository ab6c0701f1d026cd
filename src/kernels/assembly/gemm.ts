import { GEMM_COLUMNS, GEMM_DEPTH, GEMM_ROWS, packLeft, packRight, packRightTransposed } from "./gemmPacking";

/**
 * C = A · B, or C += A · B where `accumulate` is 1, float32: A is m × k, C m × n, both row-major with `lda` and `ldc` values
 * from one row to the next. B is k × n, or with `transposed` its transpose n × k as linear layers store it, `ldb` values from
 * row to row. `alpha` multiplies A.
 *
 * Blocked as in Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008): the tile of 4 × 8 is what
 * sixteen vector registers hold. Every value of C is summed along k in the same order, in runs of `GEMM_DEPTH`, whatever m
 * and n are: a row's result does not depend on the rows beside it. Twin: `gemmPlain`.
 */
export function gemm(
  m: i32,
  n: i32,
  k: i32,
  alpha: f32,
  a: usize,
  lda: i32,
  b: usize,
  ldb: i32,
  transposed: i32,
  c: usize,
  ldc: i32,
  accumulate: i32,
  scratch: usize,
): void {
  const tile = scratch;
  const left = scratch + 128;
  const right = left + ((<usize>(GEMM_ROWS * GEMM_DEPTH)) << 2);
  for (let j: i32 = 0; j < n; j += GEMM_COLUMNS) {
    const columns = min(GEMM_COLUMNS, n - j);
    for (let p: i32 = 0; p < k; p += GEMM_DEPTH) {
      const depth = min(GEMM_DEPTH, k - p);
      if (transposed != 0) packRightTransposed(columns, depth, at(b, j, ldb, p), (<usize>ldb) << 2, right);
      else packRight(columns, depth, at(b, p, ldb, j), (<usize>ldb) << 2, right);
      const adds = accumulate != 0 || p > 0;
      for (let i: i32 = 0; i < m; i += GEMM_ROWS) {
        const rows = min(GEMM_ROWS, m - i);
        packLeft(rows, depth, at(a, i, lda, p), (<usize>lda) << 2, left, alpha);
        block(rows, columns, depth, left, right, at(c, i, ldc, j), (<usize>ldc) << 2, adds, tile);
      }
    }
  }
}

function at(base: usize, row: i32, stride: i32, column: i32): usize {
  return base + ((<usize>row * <usize>stride + <usize>column) << 2);
}

/** One packed block of A times one of B. `stride` is in bytes. */
function block(rows: i32, columns: i32, depth: i32, left: usize, right: usize, c: usize, stride: usize, adds: bool, tile: usize): void {
  for (let jr: i32 = 0; jr < columns; jr += 8) {
    const panel = right + ((<usize>(jr * depth)) << 2);
    for (let ir: i32 = 0; ir < rows; ir += 4) {
      const strip = left + ((<usize>(ir * depth)) << 2);
      const target = c + <usize>ir * stride + ((<usize>jr) << 2);
      if (rows - ir >= 4 && columns - jr >= 8) {
        multiplyTile(depth, strip, panel, target, stride, adds);
      } else {
        multiplyTile(depth, strip, panel, tile, 32, false);
        storeEdge(min(4, rows - ir), min(8, columns - jr), tile, target, stride, adds);
      }
    }
  }
}

/** 4 × 8 values of C from a strip of A and a panel of B. */
export function multiplyTile(depth: i32, a: usize, b: usize, c: usize, stride: usize, adds: bool): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (let end = a + ((<usize>depth) << 4); a < end; a += 16, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = multiplyAdd(x, b0, c00);
    c01 = multiplyAdd(x, b1, c01);
    x = v128.load32_splat(a, 4);
    c10 = multiplyAdd(x, b0, c10);
    c11 = multiplyAdd(x, b1, c11);
    x = v128.load32_splat(a, 8);
    c20 = multiplyAdd(x, b0, c20);
    c21 = multiplyAdd(x, b1, c21);
    x = v128.load32_splat(a, 12);
    c30 = multiplyAdd(x, b0, c30);
    c31 = multiplyAdd(x, b1, c31);
  }
  storeRow(c, c00, c01, adds);
  storeRow(c + stride, c10, c11, adds);
  storeRow(c + 2 * stride, c20, c21, adds);
  storeRow(c + 3 * stride, c30, c31, adds);
}

/** One rounding instead of two where the machine has that: the module is built once with and once without it. */
function multiplyAdd(a: v128, b: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, sum);
  return f32x4.add(sum, f32x4.mul(a, b));
}

function storeRow(c: usize, low: v128, high: v128, adds: bool): void {
  if (adds) {
    low = f32x4.add(v128.load(c), low);
    high = f32x4.add(v128.load(c, 16), high);
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/** The part of a tile that C has. */
function storeEdge(rows: i32, columns: i32, tile: usize, c: usize, stride: usize, adds: bool): void {
  for (let i: i32 = 0; i < rows; i++, tile += 32, c += stride) {
    for (let j: i32 = 0; j < columns; j++) {
      const place = (<usize>j) << 2;
      const value = load<f32>(tile + place);
      store<f32>(c + place, adds ? load<f32>(c + place) + value : value);
    }
  }
}
