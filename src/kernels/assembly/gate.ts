import { exponential } from "./exponential";

/**
 * The gate of a feed-forward layer: `rows` rows at `x` of `columns` gate values with as many up values behind them become rows of
 * activation(gate) · up at `y`, one after the other. `y` may be `x`. `gelu` 0: SiLU; 1: GELU by tanh. `columns` is a multiple
 * of 4. Twin: `gatePlain`.
 */
export function gate(x: usize, rows: i32, columns: i32, gelu: i32, y: usize): void {
  const bytes = (<usize>columns) << 2;
  for (let r: i32 = 0; r < rows; r++, x += bytes) {
    for (const end = x + bytes; x < end; x += 16, y += 16) {
      const v = v128.load(x);
      v128.store(y, f32x4.mul(gelu != 0 ? geluLanes(v) : siluLanes(v), v128.load(x + bytes)));
    }
  }
}

function siluLanes(v: v128): v128 {
  return f32x4.div(v, f32x4.add(f32x4.splat(1), exponential(f32x4.neg(v))));
}

/** (1 + tanh z) / 2 is 1 / (1 + e^(−2z)). */
function geluLanes(v: v128): v128 {
  const cubic = f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(0.044715), f32x4.mul(v, v)));
  const z = f32x4.mul(f32x4.mul(v, cubic), f32x4.splat(-1.5957691216057308));
  return f32x4.div(v, f32x4.add(f32x4.splat(1), exponential(z)));
}
