import { LEVELS, SUMS, transpose, WEIGHTS } from "./subBlocks";

// Importance weights: float32 of the columns of a row, the same for every row. Address 0 stands for none.

/** Address of the weights of the value at byte `offset` from the start of a row, or 0 where there are none. */
export function weightsAt(importance: usize, columns: i32, offset: usize): usize {
  return importance == 0 ? 0 : importance + (offset % ((<usize>columns) << 2));
}

/** Σ x² of `count` values, in order. */
export function sumOfSquares(x: usize, count: usize): f32 {
  let sum: f32 = 0;
  for (const end = x + (count << 2); x < end; x += 4) sum += load<f32>(x) * load<f32>(x);
  return sum;
}

/** Weights importance · sqrt(spread + x²) of `count` values, in rows: to be placed. */
export function weighRows(x: usize, weights: usize, count: usize, spread: f32, target: usize): void {
  const spreads = f32x4.splat(spread);
  for (const end = x + (count << 2); x < end; x += 16, weights += 16, target += 16) {
    const v = v128.load(x);
    v128.store(target, f32x4.mul(v128.load(weights), f32x4.sqrt(f32x4.add(spreads, f32x4.mul(v, v)))));
  }
}

/** Puts 256 weights, which `weighRows` left in `LEVELS`, beside their values, and their sums by sub-block of `length` into `SUMS`. */
export function placeWeights(length: usize, scratch: usize): void {
  transpose(scratch + LEVELS, length, scratch + WEIGHTS);
  for (let p = scratch + WEIGHTS, sums = scratch + SUMS; p < scratch + WEIGHTS + 1024; sums += 16) {
    let sum = f32x4.splat(0);
    for (const end = p + (length << 4); p < end; p += 16) sum = f32x4.add(sum, v128.load(p));
    v128.store(sums, sum);
  }
}

/** Weights of a super-block at `x` with sub-blocks of `length`, where spread is `share` of its Σ x². */
export function weighByImportance(x: usize, weights: usize, length: usize, share: f32, scratch: usize): void {
  weighRows(x, weights, 256, share * sumOfSquares(x, 256), scratch + LEVELS);
  placeWeights(length, scratch);
}
