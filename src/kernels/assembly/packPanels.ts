// Copies of parts of a matrix in the order in which a product reads them: panels of 4 rows of A or 8 columns of B, and in a
// panel one summand after the other. "Rows": the source's rows run along the summands; "across": each is one summand.

/** Panels of 8 of `count` source rows. */
export function packRows(source: usize, step: usize, count: i32, depth: i32, target: usize): void {
  const even = depth & ~3;
  for (let i: i32 = 0; i < count; i += 8, source += step << 3) {
    for (let half: usize = 0; half < 2; half++) {
      const row = source + half * (step << 2);
      let to = target + (half << 4);
      for (let k: i32 = 0; k < even; k += 4, to += 128) transposeTo(row + ((<usize>k) << 2), step, to, 32);
      for (let k: i32 = even; k < depth; k++, to += 32) gatherTo(row + ((<usize>k) << 2), step, to);
    }
    target += (<usize>depth) << 5;
  }
}

/** Panels of 8 of `count` source columns. */
export function packAcross(source: usize, step: usize, count: i32, depth: i32, target: usize): void {
  for (let i: i32 = 0; i < count; i += 8, source += 32) {
    let from = source;
    for (let k: i32 = 0; k < depth; k++, from += step, target += 32) {
      v128.store(target, v128.load(from));
      v128.store(target, v128.load(from, 16), 16);
    }
  }
}

/** Panels of 4 of `count` source rows, times `alpha`. */
export function packScaledRows(source: usize, step: usize, count: i32, depth: i32, alpha: f32, target: usize): void {
  const even = depth & ~3;
  for (let i: i32 = 0; i < count; i += 4, source += step << 2) {
    const start = target;
    for (let k: i32 = 0; k < even; k += 4, target += 64) transposeTo(source + ((<usize>k) << 2), step, target, 16);
    for (let k: i32 = even; k < depth; k++, target += 16) gatherTo(source + ((<usize>k) << 2), step, target);
    if (alpha != 1) scale(start, target, alpha);
  }
}

/** Panels of 4 of `count` source columns, times `alpha`. */
export function packScaledAcross(source: usize, step: usize, count: i32, depth: i32, alpha: f32, target: usize): void {
  const factor = f32x4.splat(alpha);
  for (let i: i32 = 0; i < count; i += 4, source += 16) {
    let from = source;
    for (let k: i32 = 0; k < depth; k++, from += step, target += 16) v128.store(target, f32x4.mul(v128.load(from), factor));
  }
}

/** Four values of each of four rows to the lanes of four vectors, `apart` bytes from one to the next. */
function transposeTo(source: usize, step: usize, target: usize, apart: usize): void {
  const r0 = v128.load(source);
  const r1 = v128.load(source + step);
  const r2 = v128.load(source + 2 * step);
  const r3 = v128.load(source + 3 * step);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(target + apart, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(target + 2 * apart, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(target + 3 * apart, v128.shuffle<f64>(high01, high23, 1, 3));
}

/** One value of each of four rows to one vector. */
function gatherTo(source: usize, step: usize, target: usize): void {
  store<f32>(target, load<f32>(source));
  store<f32>(target, load<f32>(source + step), 4);
  store<f32>(target, load<f32>(source + 2 * step), 8);
  store<f32>(target, load<f32>(source + 3 * step), 12);
}

function scale(start: usize, end: usize, alpha: f32): void {
  const factor = f32x4.splat(alpha);
  for (; start < end; start += 16) v128.store(start, f32x4.mul(v128.load(start), factor));
}
