import { q4K as format } from "../../decode/ggml/q4K";
import { blockScheme } from "./blockScheme";
import { importanceSearch, type RangeSearch } from "./makeQkx2";
import { quantizeTwoLevel } from "./twoLevel";

const plainSearch: RangeSearch = { maxCode: 15, start: -1, step: Math.fround(0.1), steps: 20, absolute: false };
const weightedSearch = importanceSearch(15);
const codes = new Uint8Array(256);

/** Q4_K. */
export const q4K = blockScheme(format, "Q4_K · 4-bit super-blocks of 256", (source, at, target, offset, importance) => {
  quantizeTwoLevel(source, at, importance ? weightedSearch : plainSearch, importance, codes, target, offset);
  for (let chunk = 0; chunk < 4; chunk++) {
    for (let l = 0; l < 32; l++) target[offset + 16 + 32 * chunk + l] = codes[64 * chunk + l]! | (codes[64 * chunk + 32 + l]! << 4);
  }
});
