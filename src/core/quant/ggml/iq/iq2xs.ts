import { iq2xs as format } from "../../../decode/ggml/iq2xs";
import { storeUint16 } from "../float32";
import { zeroMagnitude } from "../makeQx";
import { latticeBook } from "./latticeBook";
import { importanceScheme } from "./importanceScheme";
import { anyOffGrid, chosen, positive, refine, searchScale, type ScaleSearch } from "./latticeSearch";
import { fillWeights, spreadOf, signs, splitSigns } from "./subBlock";
import { largestScale, scaleCode, scales, storeSuperScale } from "./subBlockScales";

const search: ScaleSearch = { size: 16, steps: 9, step: Math.fround(0.1) };

/** IQ2_XS. Source: ggml `src/ggml-quants.c` (quantize_row_iq2_xs_impl). */
export const iq2xs = importanceScheme(format, "IQ2_XS · 2-bit lattice, book of 512", (source, at, target, offset, importance) => {
  const book = latticeBook("iq2xs");
  const spread = spreadOf(source, at, 1);
  target.fill(0, offset, offset + format.bytes);
  for (let j = 0; j < 16; j++) {
    fillWeights(source, at, 16 * j, 16, spread, 0, importance);
    const max = splitSigns(source, at + 16 * j, 16, true);
    scales[j] = 0;
    if (max < zeroMagnitude) continue;
    let scale = searchScale(book, search, max, Math.fround(max / 5), true);
    if (scale > 0 && anyOffGrid(2)) scale = refine(book, 16, scale, true);
    scales[j] = positive(scale);
    for (let k = 0; k < 2; k++) storeUint16(target, offset + 2 + 4 * j + 2 * k, book.indexOf[chosen[k]!]! | ((signs[k]! & 127) << 9));
  }
  const max = largestScale(16);
  if (max === 0) {
    target.fill(0, offset, offset + format.bytes);
    return;
  }
  const inverse = storeSuperScale(max, 31, 1, target, offset);
  for (let j = 0; j < 16; j++) target[offset + 66 + (j >> 1)]! |= scaleCode(j, inverse, 15) << (4 * (j & 1));
});
