import { iq3xxs as format } from "../../../decode/ggml/iq3xxs";
import { blockScheme } from "../blockScheme";
import { latticeBook } from "./latticeBook";
import { anyOffGrid, chosen, positive, refine, searchScale, type ScaleSearch } from "./latticeSearch";
import { fillWeights, spreadOf, splitSigns, storeEvenSigns } from "./subBlock";
import { largestScale, scaleCode, scales, storeSuperScale } from "./subBlockScales";

const search: ScaleSearch = { size: 32, steps: 15, step: Math.fround(0.2) };
/** Below this magnitude a sub-block counts as zero. */
const zero = Math.fround(1e-8);
const correction = Math.fround(1.0125);

/** IQ3_XXS. Source: ggml `src/ggml-quants.c` (quantize_row_iq3_xxs_impl). */
export const iq3xxs = blockScheme(format, "IQ3_XXS · 3-bit lattice, book of 256", (source, at, target, offset, importance) => {
  const book = latticeBook("iq3xxs");
  const spread = spreadOf(source, at, 2);
  target.fill(0, offset, offset + format.bytes);
  for (let j = 0; j < 8; j++) {
    fillWeights(source, at, 32 * j, 32, spread, 0, importance);
    const max = splitSigns(source, at + 32 * j, 32, true);
    scales[j] = 0;
    if (max < zero) continue;
    let scale = searchScale(book, search, max, Math.fround(max / 15), true);
    if (scale > 0 && anyOffGrid(8)) scale = refine(book, 32, scale, true);
    scales[j] = positive(scale);
    for (let k = 0; k < 8; k++) target[offset + 2 + 8 * j + k] = book.indexOf[chosen[k]!]!;
    storeEvenSigns(target, offset + 66 + 4 * j);
  }
  const max = largestScale(8);
  if (max === 0) {
    target.fill(0, offset, offset + format.bytes);
    return;
  }
  const inverse = storeSuperScale(max, 31, correction, target, offset);
  for (let j = 0; j < 8; j++) target[offset + 69 + 4 * j]! |= scaleCode(j, inverse, 15) << 4;
});
