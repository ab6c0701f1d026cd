import { iq1s as format } from "../../../decode/ggml/iq1s";
import { storeUint16 } from "../float32";
import { latticeBook } from "./latticeBook";
import { importanceScheme } from "./importanceScheme";
import { notRepresentable } from "./outOfRange";
import { fillWeights, spreadOf, weights } from "./subBlock";
import { bestScale, energyError, isBetter, mayWin, projectionError, scoreToBeat, startSearch } from "./splitScore";
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
const split = { low: -1, high: -1, lowers: false };

/** Evaluates one split as ggml does, raised or lowered. Returns true, and keeps it, if it is the best so far. */
function evaluate(low: number, high: number, lowers: boolean): boolean {
  const numbers = lowers ? lowered : raised;
  const q0 = numbers[0]!;
  const q1 = numbers[1]!;
  const q2 = numbers[2]!;
  const x0 = Math.fround(sumX[low]! * q0);
  const x1 = Math.fround(Math.fround(sumX[high]! - sumX[low]!) * q1);
  const x2 = Math.fround(Math.fround(sumX[size]! - sumX[high]!) * q2);
  const w0 = Math.fround(Math.fround(sumW[low]! * q0) * q0);
  const w1 = Math.fround(Math.fround(Math.fround(sumW[high]! - sumW[low]!) * q1) * q1);
  const w2 = Math.fround(Math.fround(Math.fround(sumW[size]! - sumW[high]!) * q2) * q2);
  if (!isBetter(Math.fround(Math.fround(x0 + x1) + x2), Math.fround(Math.fround(w0 + w1) + w2))) return false;
  split.low = low;
  split.high = high;
  split.lowers = lowers;
  return true;
}

/** Tries all splits, raised and lowered, and leaves the one of best weighted fit in {@link split}; `low` is −1 if there is none. */
function searchSplit(): void {
  let largest = 0;
  for (let j = 0; j < size; j++) {
    const i = order[j]!;
    sumX[j + 1] = Math.fround(sumX[j]! + Math.fround(weights[i]! * values[i]!));
    sumW[j + 1] = Math.fround(sumW[j]! + weights[i]!);
    largest = Math.max(largest, Math.abs(sumX[j + 1]!));
  }
  split.low = -1;
  startSearch();
  const x = sumX[size]!;
  const w = sumW[size]!;
  const xError = projectionError(largest);
  const wError = energyError(w);
  let toBeat = scoreToBeat();
  for (let low = 0; low <= size; low++) {
    // Neighbouring numbers differ by 1, so that Σ w·q·x is q₂·Σ w·x − the sums below each boundary.
    const xRaised = 1.125 * x - sumX[low]!;
    const xLowered = 0.875 * x - sumX[low]!;
    const wRaised = 1.265625 * w + 0.75 * sumW[low]! - wError;
    const wLowered = 0.765625 * w + 1.25 * sumW[low]! - wError;
    for (let high = low; high <= size; high++) {
      const below = sumX[high]!;
      const weight = sumW[high]!;
      if (mayWin(xRaised - below, xError, wRaised - 1.25 * weight, toBeat) && evaluate(low, high, false)) toBeat = scoreToBeat();
      if (mayWin(xLowered - below, xError, wLowered - 0.75 * weight, toBeat) && evaluate(low, high, true)) toBeat = scoreToBeat();
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
    const mirrored = bestScale() < 0;
    assignLevels(size, split.low, split.high, mirrored);
    const lowers = split.lowers !== mirrored;
    const scale = chooseEntries(book, 4, Math.abs(bestScale()), lowers ? allLowered : allRaised);
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
