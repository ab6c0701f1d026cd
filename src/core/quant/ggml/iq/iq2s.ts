import { iq2s as format } from "../../../decode/ggml/iq2s";
import { blockScheme } from "../blockScheme";
import { latticeBook } from "./latticeBook";
import { anyOffGrid, chosen, positive, refine, searchScale, type ScaleSearch } from "./latticeSearch";
import { fillWeights, spreadOf, signs, splitSigns } from "./subBlock";
import { largestScale, scaleCode, scales, storeSuperScale } from "./subBlockScales";

const search: ScaleSearch = { size: 16, steps: 9, step: Math.fround(0.1) };
/** Below this magnitude a sub-block counts as zero. */
const zero = Math.fround(1e-8);
const correction = Math.fround(0.9875);

/** IQ2_S. Source: ggml `src/ggml-quants.c` (quantize_row_iq2_s_impl). */
export const iq2s = blockScheme(format, "IQ2_S · 2-bit lattice, book of 1024", (source, at, target, offset, importance) => {
  const book = latticeBook("iq2s");
  const spread = spreadOf(source, at, 2);
  const floor = Math.fround(0.25 * spread);
  target.fill(0, offset, offset + format.bytes);
  for (let j = 0; j < 16; j++) {
    fillWeights(source, at, 16 * j, 16, spread, floor, importance);
    const max = splitSigns(source, at + 16 * j, 16, false);
    scales[j] = 0;
    if (max < zero) continue;
    let scale = searchScale(book, search, max, Math.fround(max / 5), true);
    if (scale > 0 && anyOffGrid(2)) scale = refine(book, 16, scale, true);
    scales[j] = positive(scale);
    for (let k = 0; k < 2; k++) {
      const index = book.indexOf[chosen[k]!]!;
      const vector = 2 * j + k;
      target[offset + 2 + vector] = index & 255;
      target[offset + 34 + vector] = signs[k]!;
      target[offset + 66 + (vector >> 2)]! |= (index >> 8) << (2 * (vector & 3));
    }
  }
  const max = largestScale(16);
  if (max === 0) return;
  const inverse = storeSuperScale(max, 31, correction, target, offset);
  for (let j = 0; j < 16; j++) target[offset + 74 + (j >> 1)]! |= scaleCode(j, inverse, 15) << (4 * (j & 1));
});
