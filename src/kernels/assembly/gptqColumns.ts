/**
 * GPTQ inside a few columns (Frantar et al., 2022): rounds one column after the other onto its grid and moves what that
 * did to the layer's output onto the columns that follow, up to the last of these.
 *
 * - code = clamp(rint((w + min) / scale) + zero, 0, maxCode), value = scale · (code − zero) − min;
 * - error = (w − value) / U[j][j], and w[k] −= U[j][k] · error for the columns k after j.
 *
 * @param w `columns` runs of `rows` float32, `ldw` from one to the next: weights, column by column; becomes the values
 * @param rows a multiple of 16
 * @param u of the first column on the diagonal of the upper factor U of the inverse Hessian, `ldu` from row to row
 * With `levels`, codes stand for unevenly spaced numbers: value = scale · level, with the code of the level nearest to
 * w / scale, the upper one where both are as near; zeros and mins take no part.
 *
 * @param grids u32[columns]: for each column the address of its group's grid, `rows` scales, zeros and mins
 * @param levels 0, or the address of `maxCode` + 1 levels in ascending order and then of `maxCode` midpoints between them
 * @param errors becomes the errors, `rows` float32 a column
 * @param codes becomes the codes, `rows` bytes a column
 * @param loss float32[rows], to which Σ error² / 2 is added
 */
export function gptqColumns(
  w: usize,
  ldw: i32,
  columns: i32,
  rows: i32,
  u: usize,
  ldu: i32,
  grids: usize,
  maxCode: f32,
  levels: usize,
  errors: usize,
  codes: usize,
  loss: usize,
): void {
  const stepW = (<usize>ldw) << 2;
  const stepU = (<usize>ldu) << 2;
  const stepE = (<usize>rows) << 2;
  const most = f32x4.splat(maxCode);
  for (let row: usize = 0; row < <usize>rows; row += 16) {
    const at = row << 2;
    let loss0 = f32x4.splat(0);
    let loss1 = f32x4.splat(0);
    let loss2 = f32x4.splat(0);
    let loss3 = f32x4.splat(0);
    for (let j: i32 = 0; j < columns; j++) {
      const column = w + <usize>j * stepW + at;
      const rowU = u + <usize>j * stepU;
      const grid = <usize>load<u32>(grids + ((<usize>j) << 2)) + at;
      const diagonal = f32x4.splat(load<f32>(rowU + ((<usize>j) << 2)));
      const q0 = levels == 0 ? code(column, grid, stepE, most) : levelCode(column, grid, levels, <i32>maxCode);
      const q1 = levels == 0 ? code(column + 16, grid + 16, stepE, most) : levelCode(column + 16, grid + 16, levels, <i32>maxCode);
      const q2 = levels == 0 ? code(column + 32, grid + 32, stepE, most) : levelCode(column + 32, grid + 32, levels, <i32>maxCode);
      const q3 = levels == 0 ? code(column + 48, grid + 48, stepE, most) : levelCode(column + 48, grid + 48, levels, <i32>maxCode);
      const v0 = levels == 0 ? valueOf(grid, stepE, q0) : levelValue(grid, levels, q0);
      const e0 = settle(column, v0, diagonal);
      const v1 = levels == 0 ? valueOf(grid + 16, stepE, q1) : levelValue(grid + 16, levels, q1);
      const e1 = settle(column + 16, v1, diagonal);
      const v2 = levels == 0 ? valueOf(grid + 32, stepE, q2) : levelValue(grid + 32, levels, q2);
      const e2 = settle(column + 32, v2, diagonal);
      const v3 = levels == 0 ? valueOf(grid + 48, stepE, q3) : levelValue(grid + 48, levels, q3);
      const e3 = settle(column + 48, v3, diagonal);
      loss0 = f32x4.add(loss0, f32x4.mul(e0, e0));
      loss1 = f32x4.add(loss1, f32x4.mul(e1, e1));
      loss2 = f32x4.add(loss2, f32x4.mul(e2, e2));
      loss3 = f32x4.add(loss3, f32x4.mul(e3, e3));
      const error = errors + <usize>j * stepE + at;
      v128.store(error, e0);
      v128.store(error, e1, 16);
      v128.store(error, e2, 32);
      v128.store(error, e3, 48);
      v128.store(codes + <usize>j * <usize>rows + row, packCodes(q0, q1, q2, q3));
      let next = column + stepW;
      for (let k: i32 = j + 1; k < columns; k++, next += stepW) {
        const share = v128.load32_splat(rowU + ((<usize>k) << 2));
        v128.store(next, f32x4.sub(v128.load(next), f32x4.mul(share, e0)));
        v128.store(next, f32x4.sub(v128.load(next, 16), f32x4.mul(share, e1)), 16);
        v128.store(next, f32x4.sub(v128.load(next, 32), f32x4.mul(share, e2)), 32);
        v128.store(next, f32x4.sub(v128.load(next, 48), f32x4.mul(share, e3)), 48);
      }
    }
    addHalf(loss + at, loss0);
    addHalf(loss + at + 16, loss1);
    addHalf(loss + at + 32, loss2);
    addHalf(loss + at + 48, loss3);
  }
}

/** Codes as float32. A grid without scale divides by 0: the order of operands makes 0 of what is no number. */
function code(w: usize, grid: usize, step: usize, most: v128): v128 {
  const scale = v128.load(grid);
  const zero = v128.load(grid + step);
  const shifted = f32x4.add(v128.load(w), v128.load(grid + 2 * step));
  const nearest = f32x4.add(f32x4.nearest(f32x4.div(shifted, scale)), zero);
  return f32x4.pmin(most, f32x4.pmax(f32x4.splat(0), nearest));
}

/** Codes of levels as float32: how many midpoints are not above. */
function levelCode(w: usize, grid: usize, levels: usize, count: i32): v128 {
  const scaled = f32x4.div(v128.load(w), v128.load(grid));
  let midpoint = levels + ((<usize>(count + 1)) << 2);
  let below = i32x4.splat(0);
  for (let k: i32 = 0; k < count; k++, midpoint += 4) below = i32x4.sub(below, f32x4.ge(scaled, v128.load32_splat(midpoint)));
  return f32x4.convert_i32x4_s(below);
}

function valueOf(grid: usize, step: usize, q: v128): v128 {
  const product = f32x4.mul(v128.load(grid), f32x4.sub(q, v128.load(grid + step)));
  return f32x4.sub(product, v128.load(grid + 2 * step));
}

function levelValue(grid: usize, levels: usize, q: v128): v128 {
  const index = i32x4.trunc_sat_f32x4_s(q);
  let found = v128.load32_zero(levels + ((<usize>i32x4.extract_lane(index, 0)) << 2));
  found = v128.load_lane<f32>(levels + ((<usize>i32x4.extract_lane(index, 1)) << 2), found, 1);
  found = v128.load_lane<f32>(levels + ((<usize>i32x4.extract_lane(index, 2)) << 2), found, 2);
  found = v128.load_lane<f32>(levels + ((<usize>i32x4.extract_lane(index, 3)) << 2), found, 3);
  return f32x4.mul(v128.load(grid), found);
}

/** Puts values in the place of the weights; returns the errors. */
function settle(w: usize, value: v128, diagonal: v128): v128 {
  const error = f32x4.div(f32x4.sub(v128.load(w), value), diagonal);
  v128.store(w, value);
  return error;
}

function packCodes(q0: v128, q1: v128, q2: v128, q3: v128): v128 {
  const low = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(q0), i32x4.trunc_sat_f32x4_s(q1));
  const high = i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(q2), i32x4.trunc_sat_f32x4_s(q3));
  return i8x16.narrow_i16x8_u(low, high);
}

function addHalf(target: usize, sum: v128): void {
  v128.store(target, f32x4.add(v128.load(target), f32x4.mul(sum, f32x4.splat(0.5))));
}
