import { iq2xxs as format } from "../../../decode/ggml/iq2xxs";
import { makeQp } from "../makeQp";
import { zeroMagnitude } from "../makeQx";
import { latticeBook } from "./latticeBook";
import { importanceScheme } from "./importanceScheme";
import { chosen, positive, refine, searchScale, type ScaleSearch } from "./latticeSearch";
import { fillWeights, magnitudes, spreadOf, splitSigns, storeEvenSigns, weights } from "./subBlock";
import { largestScale, scaleCode, scales, storeSuperScale } from "./subBlockScales";

const search: ScaleSearch = { size: 32, steps: 6, step: Math.fround(0.1) };
const x = new Float32Array(32);
const w = new Float32Array(32);
/** The codes of {@link makeQp}, of which only the scale is used. */
const codes = new Uint8Array(32);

/** IQ2_XXS. Source: ggml `src/ggml-quants.c` (quantize_row_iq2_xxs_impl). */
export const iq2xxs = importanceScheme(format, "IQ2_XXS · 2-bit lattice, book of 256", (source, at, target, offset, importance) => {
  const book = latticeBook("iq2xxs");
  const spread = spreadOf(source, at, 1);
  target.fill(0, offset, offset + format.bytes);
  for (let j = 0; j < 8; j++) {
    fillWeights(source, at, 32 * j, 32, spread, 0, importance);
    const max = splitSigns(source, at + 32 * j, 32, true);
    scales[j] = 0;
    if (max < zeroMagnitude) continue;
    x.set(magnitudes);
    w.set(weights);
    let scale = makeQp(x, 4, w, codes);
    const extent = Math.fround(3 * scale);
    if (extent <= 0) continue;
    scale = searchScale(book, search, extent, scale, false);
    if (scale > 0) scale = refine(book, 32, scale, false);
    scales[j] = positive(scale);
    for (let k = 0; k < 4; k++) target[offset + 2 + 8 * j + k] = book.indexOf[chosen[k]!]!;
    storeEvenSigns(target, offset + 6 + 8 * j);
  }
  const max = largestScale(8);
  if (max === 0) {
    target.fill(0, offset, offset + format.bytes);
    return;
  }
  const inverse = storeSuperScale(max, 31, 1, target, offset);
  for (let j = 0; j < 8; j++) target[offset + 9 + 8 * j]! |= scaleCode(j, inverse, 15) << 4;
});
