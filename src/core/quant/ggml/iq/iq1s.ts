import { iq1s as format } from "../../../decode/ggml/iq1s";
import { storeUint16 } from "../float32";
import { latticeBook } from "./latticeBook";
import { importanceScheme } from "./importanceScheme";
import { notRepresentable } from "./outOfRange";
import { fillWeights, spreadOf, weights } from "./subBlock";
import { largestScale, scaleCode, scales, storeSuperScale } from "./subBlockScales";
import { assignLevels, chooseEntries, chosen, loadSorted, lowered, order, raised, values } from "./ternary";

const size = 32;
/** Below this magnitude a sub-block counts as zero. */
const zero = Math.fround(1e-12);
const correction = 1.125;

/** Σ w·x and Σ w of the first j values in ascending order. */
const sumX = new Float64Array(size + 1);
const sumW = new Float64Array(size + 1);

const allRaised = [raised, raised, raised, raised];
const allLowered = [lowered, lowered, lowered, lowered];

/** The best split of the sub-block into values of level 0, 1 and 2. */
const split = { low: -1, high: -1, lowers: false, scale: 0 };

/** Tries all splits, raised and lowered, and leaves the one of best weighted fit in {@link split}; `low` is −1 if there is none. */
function searchSplit(): void {
  for (let j = 0; j < size; j++) {
    const i = order[j]!;
    sumX[j + 1] = Math.fround(sumX[j]! + Math.fround(weights[i]! * values[i]!));
    sumW[j + 1] = Math.fround(sumW[j]! + weights[i]!);
  }
  split.low = -1;
  let best = -3.4028234663852886e38;
  for (let low = 0; low <= size; low++) {
    for (let high = low; high <= size; high++) {
      const x0 = sumX[low]!;
      const x1 = Math.fround(sumX[high]! - x0);
      const x2 = Math.fround(sumX[size]! - sumX[high]!);
      const w0 = sumW[low]!;
      const w1 = Math.fround(sumW[high]! - w0);
      const w2 = Math.fround(sumW[size]! - sumW[high]!);
      for (let lowers = 0; lowers < 2; lowers++) {
        const [q0, q1, q2] = lowers === 1 ? lowered : raised;
        const projection = Math.fround(Math.fround(Math.fround(x0 * q0!) + Math.fround(x1 * q1!)) + Math.fround(x2 * q2!));
        const energy = Math.fround(
          Math.fround(Math.fround(Math.fround(w0 * q0!) * q0!) + Math.fround(Math.fround(w1 * q1!) * q1!)) +
            Math.fround(Math.fround(w2 * q2!) * q2!),
        );
        if (energy > 0 && Math.fround(projection * projection) > Math.fround(best * energy)) {
          split.scale = Math.fround(projection / energy);
          best = Math.fround(split.scale * projection);
          split.low = low;
          split.high = high;
          split.lowers = lowers === 1;
        }
      }
    }
  }
}

/** IQ1_S. Source: ggml `src/ggml-quants.c` (quantize_row_iq1_s_impl). */
export const iq1s = importanceScheme(format, "IQ1_S · ternary lattice, book of 2048", (source, at, target, offset, importance) => {
  const book = latticeBook("iq1s");
  const spread = spreadOf(source, at, 2);
  target.fill(0, offset, offset + format.bytes);
  let lowersOf = 0;
  for (let j = 0; j < 8; j++) {
    fillWeights(source, at, size * j, size, spread, 0, importance);
    scales[j] = 0;
    if (loadSorted(source, at + size * j, size) < zero) continue;
    searchSplit();
    if (split.low < 0) continue;
    const mirrored = split.scale < 0;
    assignLevels(size, split.low, split.high, mirrored);
    const lowers = split.lowers !== mirrored;
    const scale = chooseEntries(book, 4, Math.abs(split.scale), lowers ? allLowered : allRaised);
    if (!(scale >= 0)) throw notRepresentable();
    scales[j] = scale;
    if (lowers) lowersOf |= 1 << j;
    let high = 0;
    for (let k = 0; k < 4; k++) {
      const index = book.indexOf[chosen[k]!]!;
      target[offset + 2 + 4 * j + k] = index & 255;
      high |= (index >> 8) << (3 * k);
    }
    storeUint16(target, offset + 34 + 2 * j, high);
  }
  const max = largestScale(8);
  if (max === 0) return;
  const inverse = storeSuperScale(max, 15, correction, target, offset);
  for (let j = 0; j < 8; j++) target[offset + 35 + 2 * j]! |= (scaleCode(j, inverse, 7) | (((lowersOf >> j) & 1) << 3)) << 4;
});
