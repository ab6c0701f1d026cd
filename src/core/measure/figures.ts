import { binRange, Histogram } from "./histogram";
import { emptyMomentsState, type MomentFigures, Moments, type MomentsState } from "./moments";
import type { SparseCounts } from "./patternCounts";
import { ascendingPatterns, patternRange, patternValue } from "./patternValues";
import { percentilesOf } from "./percentiles";
import type { HistogramReport, TensorStats } from "./reports";
import { sparkCounts, type ValueRuns } from "./spark";

/** Statistics of one tensor without its identity. */
export type TensorFigures = Omit<TensorStats, "name" | "dtype" | "shape">;

/** Groups of values that count as equal, in ascending order. */
interface ValueGroups extends ValueRuns {
  /** What stands for all values of a group. */
  value: Float64Array;
}

function figuresOf(state: MomentsState, groups: ValueGroups, histogram: HistogramReport | null): TensorFigures {
  const moments = new Moments();
  moments.merge(state);
  const figures: MomentFigures = moments.result();
  const percentiles = percentilesOf(groups.value, groups.count, state.finite);
  return { ...figures, percentiles, histogram, spark: sparkCounts(groups, figures.mean ?? 0, figures.std ?? 0) };
}

const countOfKey = new Float64Array(65536);

/** Fills and returns a table of counts by key; only the entries of `keys` mean anything, and only until the next call. */
function countsByKey({ keys, counts }: SparseCounts): Float64Array {
  for (let i = 0; i < keys.length; i++) countOfKey[keys[i]!] = counts[i]!;
  return countOfKey;
}

/**
 * The figures of float32 values from what two passes over them found.
 *
 * @param patterns counts by the top 16 bits of the float32 pattern
 * @param histogram null where no value is finite
 */
export function wideFigures(state: MomentsState, patterns: SparseCounts, histogram: HistogramReport | null): TensorFigures {
  const within = (value: number): number => Math.min(state.max, Math.max(state.min, value));
  const countOf = countsByKey(patterns);
  const keys = ascendingPatterns(patterns.keys);
  const value = new Float64Array(keys.length);
  const low = new Float64Array(keys.length);
  const high = new Float64Array(keys.length);
  const count = new Float64Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const range = patternRange(keys[i]!);
    value[i] = within(patternValue(keys[i]!));
    low[i] = within(range.low);
    high[i] = within(range.high);
    count[i] = countOf[keys[i]!]!;
  }
  return figuresOf(state, { value, low, high, count }, histogram);
}

interface CodeOrder {
  /** Place of each finite code when they are sorted by value. */
  rank: Uint16Array;
  /** Code at each place. */
  code: Uint16Array;
}

const orders = new WeakMap<Float32Array, CodeOrder>();

function orderOf(table: Float32Array): CodeOrder {
  const known = orders.get(table);
  if (known) return known;
  const code = Uint16Array.from(table.keys())
    .filter((key) => Number.isFinite(table[key]))
    .sort((a, b) => table[a]! - table[b]! || a - b);
  const rank = new Uint16Array(table.length);
  code.forEach((value, place) => (rank[value] = place));
  orders.set(table, { rank, code });
  return { rank, code };
}

/** The codes of finite values among `keys`, in ascending order of the values. */
function ascendingCodes(table: Float32Array, keys: ArrayLike<number>): Uint16Array {
  const { rank, code } = orderOf(table);
  const places = new Uint16Array(keys.length);
  let finite = 0;
  for (let i = 0; i < keys.length; i++) if (Number.isFinite(table[keys[i]!])) places[finite++] = rank[keys[i]!]!;
  const ascending = places.subarray(0, finite).sort();
  for (let i = 0; i < finite; i++) ascending[i] = code[ascending[i]!]!;
  return ascending;
}

/**
 * The exact figures of values of a type of at most 16 bits, from how often each code occurs.
 *
 * @param table value of each code
 */
export function codeFigures(table: Float32Array, codes: SparseCounts, bins: number): TensorFigures {
  const state = codeMoments(table, codes);
  const countOf = countsByKey(codes);
  const keys = ascendingCodes(table, codes.keys);
  const value = new Float64Array(keys.length);
  const count = new Float64Array(keys.length);
  const histogram = state.finite > 0 ? new Histogram(binRange(state.min, state.max), bins) : null;
  for (let i = 0; i < keys.length; i++) {
    value[i] = table[keys[i]!]!;
    count[i] = countOf[keys[i]!]!;
    histogram?.addValue(value[i]!, count[i]!);
  }
  return figuresOf(state, { value, low: value, high: value, count }, histogram && histogram.result());
}

/** Counts, extrema and central moments from how often each code occurs: the mean first, then powers around it. */
function codeMoments(table: Float32Array, { keys, counts }: SparseCounts): MomentsState {
  const state = emptyMomentsState();
  let sum = 0;
  for (let i = 0; i < keys.length; i++) {
    const value = table[keys[i]!]!;
    const count = counts[i]!;
    if (Number.isNaN(value)) state.nan += count;
    else if (!Number.isFinite(value)) state.inf += count;
    else {
      state.finite += count;
      if (value === 0) state.zero += count;
      state.min = Math.min(state.min, value);
      state.max = Math.max(state.max, value);
      sum += value * count;
    }
  }
  if (state.finite === 0) return state;
  state.mean = state.min === state.max ? state.min : sum / state.finite;
  for (let i = 0; i < keys.length; i++) {
    const d = table[keys[i]!]! - state.mean;
    if (!Number.isFinite(d)) continue;
    const square = d * d * counts[i]!;
    state.m2 += square;
    state.m3 += square * d;
    state.m4 += square * d * d;
  }
  return state;
}
