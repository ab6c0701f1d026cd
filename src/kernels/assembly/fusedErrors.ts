import { decodeQ4_0 } from "./decodeQ4_0";
import { decodeQ4_K } from "./decodeQ4_K";
import { decodeQ8_0 } from "./decodeQ8_0";
import { errors } from "./errors";
import { TILE } from "./lanes";
import { quantizeQ4_0 } from "./quantizeQ4_0";
import { quantizeQ4_K } from "./quantizeQ4_K";
import { quantizeQ8_0 } from "./quantizeQ8_0";

// Each quantizes `n` float32 at `x` into `target`, decodes what it wrote and adds the errors to the eight float64 at
// `out` (as `errors`), tile by tile, so that every value is read from memory once. The decoded values stay at `y`,
// unless `y` is 0; then a tile of them lives in `scratch`: 8192 bytes, and for Q4_K 1920 more before them.

export function q8_0Errors(x: usize, n: i32, target: usize, y: usize, out: usize, scratch: usize): void {
  while (n > 0) {
    const count = min(n, TILE);
    const decoded = y == 0 ? scratch : y;
    quantizeQ8_0(x, count, target);
    decodeQ8_0(target, count, decoded);
    errors(x, decoded, count, out);
    x += (<usize>count) << 2;
    target += <usize>(count >> 5) * 34;
    if (y != 0) y += (<usize>count) << 2;
    n -= count;
  }
}

export function q4_0Errors(x: usize, n: i32, target: usize, y: usize, out: usize, scratch: usize): void {
  while (n > 0) {
    const count = min(n, TILE);
    const decoded = y == 0 ? scratch : y;
    quantizeQ4_0(x, count, target);
    decodeQ4_0(target, count, decoded);
    errors(x, decoded, count, out);
    x += (<usize>count) << 2;
    target += <usize>(count >> 5) * 18;
    if (y != 0) y += (<usize>count) << 2;
    n -= count;
  }
}

export function q4_KErrors(x: usize, n: i32, target: usize, y: usize, out: usize, scratch: usize): void {
  while (n > 0) {
    const count = min(n, TILE);
    const decoded = y == 0 ? scratch + 1920 : y;
    quantizeQ4_K(x, count, target, scratch);
    decodeQ4_K(target, count, decoded);
    errors(x, decoded, count, out);
    x += (<usize>count) << 2;
    target += <usize>(count >> 8) * 144;
    if (y != 0) y += (<usize>count) << 2;
    n -= count;
  }
}
