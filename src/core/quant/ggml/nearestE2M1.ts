import { doubledE2M1 } from "../../decode/ggml/mxfp4";

/** Code of the E2M1 level nearest to `value` under `scale`, the lowest code where several are as near. Source: ggml `best_index_mxfp4`. */
export function nearestE2M1(value: number, scale: number): number {
  let best = 0;
  let error = Math.abs(value);
  for (let code = 1; code < 16; code++) {
    const other = Math.abs(Math.fround(Math.fround(doubledE2M1[code]! * scale) - value));
    if (other < error) {
      best = code;
      error = other;
    }
  }
  return best;
}
