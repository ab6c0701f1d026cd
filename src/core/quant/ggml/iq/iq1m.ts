import { iq1m as format } from "../../../decode/ggml/iq1m";
import { floatToHalf } from "../../../decode/half";
import { blockScheme } from "../blockScheme";
import { storeUint16 } from "../float32";
import { latticeBook } from "./latticeBook";
import { notRepresentable } from "./outOfRange";
import { fillWeights, spreadOf, weights } from "./subBlock";
import { bestScale, energyError, isBetter, mayWin, projectionError, scoreToBeat, startSearch } from "./splitScore";
import { largestScale, scaleCode, scales } from "./subBlockScales";
import { addVector, assignLevels, chooseEntries, chosen, loadSorted, lowered, order, raised, sums, values } from "./ternary";

const size = 16;
/** Below this magnitude a sub-block counts as zero. */
const zero = Math.fround(1e-7);
const correction = Math.fround(1.1125);

/** The numbers of the two vectors of a sub-block; which of these is bit 0 (second vector lowered) and bit 1 (first). */
const shifts = [
  [raised, raised],
  [raised, lowered],
  [lowered, raised],
  [lowered, lowered],
] as const;
/** How {@link shifts} are stored in the byte of the ninth to eleventh bits. */
const shiftBits = Uint8Array.of(0x00, 0x80, 0x08, 0x88);

/** The best split of the sub-block into values of level 0, 1 and 2; `low` is −1 if there is none. */
const split = { low: -1, high: -1, shift: 0 };

/** Σ w·x and Σ w of the first j values in ascending order, at `17·v + j`, of those in vector v only. */
const sumX = new Float64Array(2 * size + 2);
const sumW = new Float64Array(2 * size + 2);

/** Σ w·q·x and Σ w·q² of one vector with a split, as ggml computes them. */
function projectionOf(vector: number, low: number, high: number, numbers: Float64Array): number {
  const at = (size + 1) * vector;
  // Neighbouring numbers differ by 1, so that it is q₂·Σ w·x − the sums below each boundary.
  return Math.fround(Math.fround(sumX[at + size]! * numbers[2]!) - Math.fround(sumX[at + low]! + sumX[at + high]!));
}

function energyOf(vector: number, low: number, high: number, numbers: Float64Array): number {
  const at = (size + 1) * vector;
  const q0 = numbers[0]!;
  const q1 = numbers[1]!;
  const q2 = numbers[2]!;
  const all = Math.fround(Math.fround(sumW[at + size]! * q2) * q2);
  // The differences of squares are exact.
  const withLow = Math.fround(all + Math.fround(sumW[at + low]! * (q0 * q0 - q1 * q1)));
  return Math.fround(withLow + Math.fround(sumW[at + high]! * (q1 * q1 - q2 * q2)));
}

/** Evaluates one split as ggml does, under one shift. Returns true, and keeps it, if it is the best so far. */
function evaluate(low: number, high: number, shift: number): boolean {
  const [first, second] = shifts[shift]!;
  const projection = Math.fround(projectionOf(0, low, high, first) + projectionOf(1, low, high, second));
  const energy = Math.fround(energyOf(0, low, high, first) + energyOf(1, low, high, second));
  if (!isBetter(projection, energy)) return false;
  split.low = low;
  split.high = high;
  split.shift = shift;
  return true;
}

/** Fills the sums. Returns the largest magnitude among those of w·x. */
function prepareSums(): number {
  let largest = 0;
  for (let j = 0; j < size; j++) {
    const i = order[j]!;
    const own = (size + 1) * (i >> 3) + j;
    const other = (size + 1) * (1 - (i >> 3)) + j;
    const sum = Math.fround(sumX[own]! + Math.fround(weights[i]! * values[i]!));
    sumX[own + 1] = sum;
    sumX[other + 1] = sumX[other]!;
    sumW[own + 1] = Math.fround(sumW[own]! + weights[i]!);
    sumW[other + 1] = sumW[other]!;
    largest = Math.max(largest, Math.abs(sum));
  }
  return largest;
}

/** By second boundary: Σ w·x below it, and what it takes from Σ w·q² under each shift. */
const belowHigh = new Float64Array(size + 1);
const weightHigh = new Float64Array(4 * (size + 1));

/** Tries all splits under all shifts and leaves the one of best weighted fit in {@link split}. */
function searchSplit(): void {
  split.low = -1;
  startSearch();
  const largest = prepareSums();
  const x0 = sumX[size]!;
  const x1 = sumX[2 * size + 1]!;
  const w0 = sumW[size]!;
  const w1 = sumW[2 * size + 1]!;
  const xError = projectionError(2 * largest);
  const wError = energyError(w0 + w1);
  for (let high = 0; high <= size; high++) {
    const first = sumW[high]!;
    const second = sumW[size + 1 + high]!;
    belowHigh[high] = sumX[high]! + sumX[size + 1 + high]!;
    weightHigh[4 * high] = 1.25 * first + 1.25 * second;
    weightHigh[4 * high + 1] = 1.25 * first + 0.75 * second;
    weightHigh[4 * high + 2] = 0.75 * first + 1.25 * second;
    weightHigh[4 * high + 3] = 0.75 * first + 0.75 * second;
  }
  let toBeat = scoreToBeat();
  for (let low = 0; low <= size; low++) {
    const first = sumW[low]!;
    const second = sumW[size + 1 + low]!;
    const energy0 = 1.265625 * (w0 + w1) + 0.75 * (first + second) - wError;
    const energy1 = 1.265625 * w0 + 0.765625 * w1 + 0.75 * first + 1.25 * second - wError;
    const energy2 = 0.765625 * w0 + 1.265625 * w1 + 1.25 * first + 0.75 * second - wError;
    const energy3 = 0.765625 * (w0 + w1) + 1.25 * (first + second) - wError;
    for (let high = low; high <= size; high++) {
      const below = belowHigh[low]! + belowHigh[high]!;
      const at = 4 * high;
      if (mayWin(1.125 * (x0 + x1) - below, xError, energy0 - weightHigh[at]!, toBeat) && evaluate(low, high, 0)) toBeat = scoreToBeat();
      if (mayWin(1.125 * x0 + 0.875 * x1 - below, xError, energy1 - weightHigh[at + 1]!, toBeat) && evaluate(low, high, 1))
        toBeat = scoreToBeat();
      if (mayWin(0.875 * x0 + 1.125 * x1 - below, xError, energy2 - weightHigh[at + 2]!, toBeat) && evaluate(low, high, 2))
        toBeat = scoreToBeat();
      if (mayWin(0.875 * (x0 + x1) - below, xError, energy3 - weightHigh[at + 3]!, toBeat) && evaluate(low, high, 3))
        toBeat = scoreToBeat();
    }
  }
}

/** For each sub-block, its shift and the packed entries of its two vectors. */
const shiftOf = new Uint8Array(16);
const entries = new Uint16Array(32);
/** Four words of four 3-bit scale codes. */
const scaleBits = new Uint16Array(4);

/** IQ1_M. Source: ggml `src/ggml-quants.c` (quantize_row_iq1_m_impl, with the prefix sums of llama.cpp pull request 28706). */
export const iq1m = blockScheme(format, "IQ1_M · ternary lattice, book of 2048", (source, at, target, offset, importance) => {
  const book = latticeBook("iq1s");
  const spread = spreadOf(source, at, 2);
  target.fill(0, offset, offset + format.bytes);
  for (let j = 0; j < 16; j++) {
    fillWeights(source, at, size * j, size, spread, 0, importance);
    scales[j] = 0;
    shiftOf[j] = 0;
    entries[2 * j] = entries[2 * j + 1] = book.entries[0]!;
    if (loadSorted(source, at + size * j, size) < zero) continue;
    searchSplit();
    if (split.low < 0) continue;
    const mirrored = bestScale() < 0;
    assignLevels(size, split.low, split.high, mirrored);
    const shift = mirrored ? 3 - split.shift : split.shift;
    const scale = chooseEntries(book, 2, Math.abs(bestScale()), shifts[shift]!);
    if (!(scale >= 0)) throw notRepresentable();
    scales[j] = scale;
    shiftOf[j] = shift;
    for (let k = 0; k < 2; k++) {
      entries[2 * j + k] = chosen[k]!;
      const index = book.indexOf[chosen[k]!]!;
      target[offset + 2 * j + k] = index & 255;
      target[offset + 32 + j]! |= (index >> 8) << (4 * k);
    }
  }
  const max = largestScale(16);
  if (max === 0) return;
  const inverse = Math.fround(1 / Math.fround(max / 15));
  scaleBits.fill(0);
  sums.projection = 0;
  sums.energy = 0;
  for (let j = 0; j < 16; j++) {
    const code = scaleCode(j, inverse, 7);
    scaleBits[j >> 2]! |= code << (3 * (j & 3));
    target[offset + 32 + j]! |= shiftBits[shiftOf[j]!]!;
    fillWeights(source, at, size * j, size, spread, 0, importance);
    for (let i = 0; i < size; i++) values[i] = source[at + size * j + i]!;
    for (let k = 0; k < 2; k++) addVector(entries[2 * j + k]!, 8 * k, shifts[shiftOf[j]!]![k]!, 2 * code + 1);
  }
  const d = sums.energy > 0 ? Math.fround(sums.projection / sums.energy) : Math.fround(max / 15);
  const half = floatToHalf(Math.fround(d * correction));
  for (let i = 0; i < 4; i++) storeUint16(target, offset + 48 + 2 * i, scaleBits[i]! | (((half >> (4 * i)) & 15) << 12));
});
