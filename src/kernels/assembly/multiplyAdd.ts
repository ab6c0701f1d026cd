import { multiplyTile } from "./gemm";
import { GEMM_COLUMNS, GEMM_DEPTH, GEMM_ROWS, packLeft, packLeftTransposed, packRight, packRightTransposed } from "./gemmPacking";

/**
 * C += alpha · A · B as linear algebra needs it, in float32, for A of `m` × `k`, B of `k` × `n` and C of `m` × `n`; `m` is a multiple of
 * 4, `n` of 8. Either factor may be stored transposed, and a triangle of C be left out. Otherwise as `gemm`: each value of C gets one sum for
 * every `GEMM_DEPTH` terms, taken in order, so that its bits do not depend on what else is computed.
 *
 * @param acrossA whether A is stored as `k` rows of `m`
 * @param acrossB whether B is stored as `n` rows of `k`
 * @param part 0: all of C; 1: only tiles of 4 × 8 that touch the lower triangle; 2: the upper one
 * @param scratch `scratchBytes.gemm` bytes of no matter
 */
export function multiplyAdd(
  m: i32,
  n: i32,
  k: i32,
  alpha: f32,
  a: usize,
  lda: i32,
  acrossA: bool,
  b: usize,
  ldb: i32,
  acrossB: bool,
  c: usize,
  ldc: i32,
  part: i32,
  scratch: usize,
): void {
  const left = scratch;
  const right = scratch + ((<usize>(GEMM_ROWS * GEMM_DEPTH)) << 2);
  const stepA = (<usize>lda) << 2;
  const stepB = (<usize>ldb) << 2;
  const stepC = (<usize>ldc) << 2;
  for (let j: i32 = 0; j < n; j += GEMM_COLUMNS) {
    const columns = min(GEMM_COLUMNS, n - j);
    for (let from: i32 = 0; from < k; from += GEMM_DEPTH) {
      const depth = min(GEMM_DEPTH, k - from);
      if (acrossB) packRightTransposed(columns, depth, b + <usize>j * stepB + ((<usize>from) << 2), stepB, right);
      else packRight(columns, depth, b + <usize>from * stepB + ((<usize>j) << 2), stepB, right);
      for (let i: i32 = 0; i < m; i += GEMM_ROWS) {
        const rows = min(GEMM_ROWS, m - i);
        if (part == 1 && i + rows <= j) continue;
        if (part == 2 && i >= j + columns) continue;
        if (acrossA) packLeftTransposed(rows, depth, a + <usize>from * stepA + ((<usize>i) << 2), stepA, left, alpha);
        else packLeft(rows, depth, a + <usize>i * stepA + ((<usize>from) << 2), stepA, left, alpha);
        for (let column: i32 = 0; column < columns; column += 8) {
          const panel = right + ((<usize>(column * depth)) << 2);
          for (let row: i32 = 0; row < rows; row += 4) {
            if (part == 1 && i + row + 4 <= j + column) continue;
            if (part == 2 && i + row >= j + column + 8) continue;
            const target = c + <usize>(i + row) * stepC + ((<usize>(j + column)) << 2);
            multiplyTile(depth, left + ((<usize>(row * depth)) << 2), panel, target, stepC, true);
          }
        }
      }
    }
  }
}
