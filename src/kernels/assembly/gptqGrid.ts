import { highest, lowest } from "./lanes";

/**
 * The affine grid of a group of columns, for each row: covers the range of the weights and 0.
 *
 * - scale = (max − min) / maxCode, zero = rint(−min / scale); symmetric: the range is ±max(|min|, max) and zero the middle code;
 * - a row without any weight but 0 has the range ±1;
 * - a symmetric range whose row has no negative weight starts at 0, as the reference's does.
 *
 * @param w `columns` runs of `rows` float32, `ldw` from one to the next; `rows` is a multiple of 4
 * @param grid becomes `rows` scales, zeros, and mins of 0
 */
export function gptqGrid(w: usize, ldw: i32, columns: i32, rows: i32, maxCode: f32, symmetric: bool, grid: usize): void {
  const step = (<usize>ldw) << 2;
  const length = (<usize>rows) << 2;
  const none = f32x4.splat(0);
  const one = f32x4.splat(1);
  const most = f32x4.splat(maxCode);
  const middle = f32x4.splat((maxCode + 1) / 2);
  for (let at: usize = 0; at < length; at += 16) {
    let low = none;
    let high = none;
    let from = w + at;
    for (let j: i32 = 0; j < columns; j++, from += step) {
      const v = v128.load(from);
      low = lowest(low, v);
      high = highest(high, v);
    }
    if (symmetric) {
      high = highest(high, f32x4.neg(low));
      low = v128.bitselect(f32x4.neg(high), low, f32x4.lt(low, none));
    }
    const empty = v128.and(f32x4.eq(low, none), f32x4.eq(high, none));
    low = v128.bitselect(f32x4.neg(one), low, empty);
    high = v128.bitselect(one, high, empty);
    const scale = f32x4.div(f32x4.sub(high, low), most);
    v128.store(grid + at, scale);
    v128.store(grid + length + at, symmetric ? middle : f32x4.nearest(f32x4.div(f32x4.neg(low), scale)));
    v128.store(grid + 2 * length + at, none);
  }
}
