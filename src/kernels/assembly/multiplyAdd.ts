import { packAcross, packRows, packScaledAcross, packScaledRows } from "./packPanels";

/** Rows of A, summands and columns of B that are packed at once: A's part stays in the second-level cache, B's in the third. */
const ROWS: i32 = 96;
const DEPTH: i32 = 256;
const COLUMNS: i32 = 1024;

/**
 * C += alpha · A · B in float32, for A of `m` × `k`, B of `k` × `n` and C of `m` × `n`; `m` is a multiple of 4, `n` of 8.
 * Leading dimensions count float32. Where `acrossA` is set, A is stored as `k` rows of `m`; where `acrossB` is, B as `n`
 * rows of `k`.
 *
 * Each value of C gets one sum for every 256 summands, taken in order: whatever else is computed, its bits are the same.
 *
 * @param part 0: all of C; 1: only tiles of 4 × 8 that touch the lower triangle; 2: the upper one
 * @param scratch `scratchBytes.multiplyAdd` bytes of no matter
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
  const panelsA = scratch;
  const panelsB = scratch + ((<usize>(ROWS * DEPTH)) << 2);
  const stepA = (<usize>lda) << 2;
  const stepB = (<usize>ldb) << 2;
  const stepC = (<usize>ldc) << 2;
  for (let j: i32 = 0; j < n; j += COLUMNS) {
    const columns = min(COLUMNS, n - j);
    for (let from: i32 = 0; from < k; from += DEPTH) {
      const depth = min(DEPTH, k - from);
      if (acrossB) packRows(b + <usize>j * stepB + ((<usize>from) << 2), stepB, columns, depth, panelsB);
      else packAcross(b + <usize>from * stepB + ((<usize>j) << 2), stepB, columns, depth, panelsB);
      for (let i: i32 = 0; i < m; i += ROWS) {
        const rows = min(ROWS, m - i);
        if (part == 1 && i + rows <= j) continue;
        if (part == 2 && i >= j + columns) continue;
        if (acrossA) packScaledAcross(a + <usize>from * stepA + ((<usize>i) << 2), stepA, rows, depth, alpha, panelsA);
        else packScaledRows(a + <usize>i * stepA + ((<usize>from) << 2), stepA, rows, depth, alpha, panelsA);
        for (let column: i32 = 0; column < columns; column += 8) {
          const panelB = panelsB + ((<usize>(column * depth)) << 2);
          for (let row: i32 = 0; row < rows; row += 4) {
            if (part == 1 && i + row + 4 <= j + column) continue;
            if (part == 2 && i + row >= j + column + 8) continue;
            const target = c + <usize>(i + row) * stepC + ((<usize>(j + column)) << 2);
            addTile(depth, panelsA + ((<usize>(row * depth)) << 2), panelB, target, stepC);
          }
        }
      }
    }
  }
}

/** C[4][8] += a panel of 4 rows times a panel of 8 columns: eight sums in registers, as many as leave room for operands. */
function addTile(depth: i32, a: usize, b: usize, c: usize, stepC: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  for (const end = a + ((<usize>depth) << 4); a < end; a += 16, b += 32) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, b0));
    c01 = f32x4.add(c01, f32x4.mul(a0, b1));
    const a1 = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, b0));
    c11 = f32x4.add(c11, f32x4.mul(a1, b1));
    const a2 = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, b0));
    c21 = f32x4.add(c21, f32x4.mul(a2, b1));
    const a3 = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, b0));
    c31 = f32x4.add(c31, f32x4.mul(a3, b1));
  }
  addTo(c, c00, c01);
  addTo(c + stepC, c10, c11);
  addTo(c + 2 * stepC, c20, c21);
  addTo(c + 3 * stepC, c30, c31);
}

function addTo(target: usize, first: v128, second: v128): void {
  v128.store(target, f32x4.add(v128.load(target), first));
  v128.store(target, f32x4.add(v128.load(target, 16), second), 16);
}
