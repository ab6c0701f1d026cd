import { iq3s as format } from "../../../decode/ggml/iq3s";
import { blockScheme } from "../blockScheme";
import { latticeBook } from "./latticeBook";
import { anyOffGrid, chosen, positive, refine, searchScale, type ScaleSearch } from "./latticeSearch";
import { fillWeights, spreadOf, signs, splitSigns } from "./subBlock";
import { largestScale, scaleCode, scales, storeSuperScale } from "./subBlockScales";

const search: ScaleSearch = { size: 32, steps: 9, step: Math.fround(0.2) };
const correction = Math.fround(1.033);

/**
 * IQ3_S. Source: ggml `src/ggml-quants.c` (quantize_row_iq3_s_impl). What looks odd is as it is there: after an all-zero sub-block
 * the indices and signs of the next one take its place, while their ninth bits and scales stay where they belong. The values of
 * such a super-block come out wrong, in ggml and therefore here.
 */
export const iq3s = blockScheme(format, "IQ3_S · 3-bit lattice, book of 512", (source, at, target, offset, importance) => {
  const book = latticeBook("iq3s");
  const spread = spreadOf(source, at, 2);
  target.fill(0, offset, offset + format.bytes);
  let place = 0;
  for (let j = 0; j < 8; j++) {
    fillWeights(source, at, 32 * j, 32, spread, 0, importance);
    const max = splitSigns(source, at + 32 * j, 32, false);
    scales[j] = 0;
    if (max === 0) continue;
    let scale = searchScale(book, search, max, Math.fround(max / 15), false);
    if (scale > 0 && anyOffGrid(8)) scale = refine(book, 32, scale, false);
    scales[j] = positive(scale);
    for (let k = 0; k < 8; k++) {
      const index = book.indexOf[chosen[k]!]!;
      target[offset + 2 + 8 * place + k] = index & 255;
      target[offset + 66 + j]! |= (index >> 8) << k;
    }
    for (let k = 0; k < 4; k++) target[offset + 74 + 4 * place + k] = signs[k]!;
    place++;
  }
  const max = largestScale(8);
  if (max === 0) return;
  const inverse = storeSuperScale(max, 31, correction, target, offset);
  for (let j = 0; j < 8; j += 2) target[offset + 106 + j / 2] = scaleCode(j, inverse, 15) | (scaleCode(j + 1, inverse, 15) << 4);
});
