import { q5K as format } from "../../decode/ggml/q5K";
import { blockScheme } from "./blockScheme";
import { importanceSearch, type RangeSearch } from "./makeQkx2";
import { quantizeTwoLevel } from "./twoLevel";

const plainSearch: RangeSearch = { maxCode: 31, start: -0.5, step: Math.fround(0.1), steps: 15, absolute: false };
const weightedSearch = importanceSearch(31);
const codes = new Uint8Array(256);

/** Q5_K. */
export const q5K = blockScheme(format, "Q5_K · 5-bit super-blocks of 256", (source, at, target, offset, importance) => {
  quantizeTwoLevel(source, at, importance ? weightedSearch : plainSearch, importance, codes, target, offset);
  target.fill(0, offset + 16, offset + 48);
  for (let chunk = 0; chunk < 4; chunk++) {
    for (let l = 0; l < 32; l++) {
      const first = codes[64 * chunk + l]!;
      const second = codes[64 * chunk + 32 + l]!;
      target[offset + 48 + 32 * chunk + l] = (first & 15) | ((second & 15) << 4);
      target[offset + 16 + l]! |= ((first >> 4) | ((second >> 4) << 1)) << (2 * chunk);
    }
  }
});
