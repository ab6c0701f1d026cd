import { TILE, accumulate, isFiniteF32, loadPair, maxF64, sumF64, sumI64 } from "./lanes";

/** An approximation is "within 5 %" where |x − y| is at most this share of |x|. */
export const WITHIN: f64 = 0.05;

/**
 * Adds the errors of `n` float32 at `y` against those at `x` to the eight float64 at `out`: values compared (x finite),
 * Σ|e|, Σe², max|e|, count of |e| ≤ 0.05·|x|, Σx·y, Σx², Σy², with e = x − y. All arithmetic in float64.
 *
 * A tile's Σx² is finite exactly when all its x are; otherwise the tile is read again value by value.
 */
export function errors(x: usize, y: usize, n: i32, out: usize): void {
  const within = f64x2.splat(WITHIN);
  const zero = f64x2.splat(0);
  let left = n & ~3;
  while (left > 0) {
    const count = min(left, TILE);
    const end = x + ((<usize>count) << 2);
    const toY = y - x;
    let absolute = zero;
    let square = zero;
    let largest = zero;
    let near = zero;
    let product = zero;
    let squareX = zero;
    let squareY = zero;
    for (let p = x; p < end; p += 16) {
      const a = loadPair(p);
      const b = loadPair(p + 8);
      const a1 = loadPair(p + toY);
      const b1 = loadPair(p + toY + 8);
      const ae = f64x2.abs(f64x2.sub(a, a1));
      const be = f64x2.abs(f64x2.sub(b, b1));
      absolute = f64x2.add(absolute, f64x2.add(ae, be));
      square = f64x2.add(square, f64x2.add(f64x2.mul(ae, ae), f64x2.mul(be, be)));
      largest = f64x2.pmax(f64x2.pmax(largest, ae), be);
      const aNear = f64x2.le(ae, f64x2.mul(f64x2.abs(a), within));
      const bNear = f64x2.le(be, f64x2.mul(f64x2.abs(b), within));
      near = i64x2.sub(near, i64x2.add(aNear, bNear));
      product = f64x2.add(product, f64x2.add(f64x2.mul(a, a1), f64x2.mul(b, b1)));
      squareX = f64x2.add(squareX, f64x2.add(f64x2.mul(a, a), f64x2.mul(b, b)));
      squareY = f64x2.add(squareY, f64x2.add(f64x2.mul(a1, a1), f64x2.mul(b1, b1)));
    }
    const sumX = sumF64(squareX);
    if (sumX - sumX == 0)
      addErrors(out, count, sumF64(absolute), sumF64(square), maxF64(largest), sumI64(near), sumF64(product), sumX, sumF64(squareY));
    else errorsOneByOne(x, y, count, out);
    x = end;
    y = end + toY;
    left -= count;
  }
  errorsOneByOne(x, y, n & 3, out);
}

/** The same, one value at a time: for tails and for tiles in which x holds NaN or infinities. */
function errorsOneByOne(x: usize, y: usize, n: i32, out: usize): void {
  for (let end = x + ((<usize>n) << 2); x < end; x += 4, y += 4) {
    if (isFiniteF32(load<f32>(x))) addError(out, <f64>load<f32>(x), <f64>load<f32>(y));
  }
}

/** One pair of a finite value and its approximation. */
export function addError(out: usize, x: f64, y: f64): void {
  const e = abs(x - y);
  addErrors(out, 1, e, e * e, e, e <= WITHIN * abs(x) ? 1 : 0, x * y, x * x, y * y);
}

/** Adds the finished sums of a tile; a NaN maximum (y not a number) is left out, as in the lanes. */
export function addErrors(
  out: usize,
  count: f64,
  absolute: f64,
  square: f64,
  largest: f64,
  near: f64,
  product: f64,
  squareX: f64,
  squareY: f64,
): void {
  accumulate(out, count);
  accumulate(out + 8, absolute);
  accumulate(out + 16, square);
  if (largest > load<f64>(out, 24)) store<f64>(out, largest, 24);
  accumulate(out + 32, near);
  accumulate(out + 40, product);
  accumulate(out + 48, squareX);
  accumulate(out + 56, squareY);
}
