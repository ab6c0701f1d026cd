import { iq1m as format } from "../../../decode/ggml/iq1m";
import { floatToHalf } from "../../../decode/half";
import { blockScheme } from "../blockScheme";
import { storeUint16 } from "../float32";
import { latticeBook } from "./latticeBook";
import { notRepresentable } from "./outOfRange";
import { fillWeights, spreadOf, weights } from "./subBlock";
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
const split = { low: -1, high: -1, shift: 0, scale: 0 };

/** Σ w·x and Σ w of the first j values in ascending order, at `17·v + j`, of those in vector v only. */
const sumX = new Float64Array(2 * size + 2);
const sumW = new Float64Array(2 * size + 2);

/** By vector and then raised or lowered: what it adds to Σ w·q·x and Σ w·q² with the split at hand. */
const projections = new Float64Array(4);
const energies = new Float64Array(4);

function prepareSums(): void {
  for (let j = 0; j < size; j++) {
    const i = order[j]!;
    for (let at = j, vector = 0; vector < 2; vector++, at += size + 1) {
      const inside = i >> 3 === vector;
      sumX[at + 1] = inside ? Math.fround(sumX[at]! + Math.fround(weights[i]! * values[i]!)) : sumX[at]!;
      sumW[at + 1] = inside ? Math.fround(sumW[at]! + weights[i]!) : sumW[at]!;
    }
  }
}

/** Fills {@link projections} and {@link energies}: neighbouring numbers differ by 1, so that Σ w·q·x is Σ w·x · q₂ − the sums below each boundary. */
function fillParts(low: number, high: number): void {
  for (let vector = 0, at = 0; vector < 2; vector++, at += size + 1) {
    const below = Math.fround(sumX[at + low]! + sumX[at + high]!);
    for (let lowers = 0; lowers < 2; lowers++) {
      const numbers = lowers === 1 ? lowered : raised;
      const q0 = numbers[0]!;
      const q1 = numbers[1]!;
      const q2 = numbers[2]!;
      projections[2 * vector + lowers] = Math.fround(Math.fround(sumX[at + size]! * q2) - below);
      const all = Math.fround(Math.fround(sumW[at + size]! * q2) * q2);
      // The differences of squares are exact.
      const withLow = Math.fround(all + Math.fround(sumW[at + low]! * (q0 * q0 - q1 * q1)));
      energies[2 * vector + lowers] = Math.fround(withLow + Math.fround(sumW[at + high]! * (q1 * q1 - q2 * q2)));
    }
  }
}

/** Tries all splits under all shifts and leaves the one of best weighted fit in {@link split}. */
function searchSplit(): void {
  prepareSums();
  split.low = -1;
  let best = -3.4028234663852886e38;
  for (let low = 0; low <= size; low++) {
    for (let high = low; high <= size; high++) {
      fillParts(low, high);
      for (let shift = 0; shift < 4; shift++) {
        const projection = Math.fround(projections[shift >> 1]! + projections[2 + (shift & 1)]!);
        const energy = Math.fround(energies[shift >> 1]! + energies[2 + (shift & 1)]!);
        if (energy > 0 && Math.fround(projection * projection) > Math.fround(best * energy)) {
          split.scale = Math.fround(projection / energy);
          best = Math.fround(split.scale * projection);
          split.low = low;
          split.high = high;
          split.shift = shift;
        }
      }
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
    const mirrored = split.scale < 0;
    assignLevels(size, split.low, split.high, mirrored);
    const shift = mirrored ? 3 - split.shift : split.shift;
    const scale = chooseEntries(book, 2, Math.abs(split.scale), shifts[shift]!);
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
