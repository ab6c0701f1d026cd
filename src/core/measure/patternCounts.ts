import type { Accumulator } from "./accumulator";

/** Counts of the keys that occur, in ascending order of keys: small enough to send, and to write as JSON. */
export interface SparseCounts {
  keys: ArrayLike<number>;
  counts: ArrayLike<number>;
}

/** The keys of `counts` (at most 65,536) that occur. */
export function sparseCounts(counts: ArrayLike<number>): SparseCounts {
  let used = 0;
  for (let key = 0; key < counts.length; key++) if (counts[key]! > 0) used++;
  const sparse = { keys: new Uint16Array(used), counts: new Float64Array(used) };
  for (let key = 0, next = 0; key < counts.length; key++) {
    if (counts[key]! === 0) continue;
    sparse.keys[next] = key;
    sparse.counts[next++] = counts[key]!;
  }
  return sparse;
}

/**
 * How often each of 65,536 keys occurs: the top 16 bits of float32 patterns, or the raw codes of a narrower type.
 * Counts are float64, exact to 2^53, where the kernels' own are u32 for one task.
 */
export class PatternCounts implements Accumulator<ArrayLike<number>, SparseCounts, SparseCounts> {
  private readonly counts = new Float64Array(65536);

  /** @param block counts by key; shorter for 8-bit codes */
  add(block: ArrayLike<number>): void {
    for (let key = 0; key < block.length; key++) this.counts[key]! += block[key]!;
  }

  merge({ keys, counts }: SparseCounts): void {
    for (let i = 0; i < keys.length; i++) this.counts[keys[i]!]! += counts[i]!;
  }

  state(): SparseCounts {
    return sparseCounts(this.counts);
  }

  result(): SparseCounts {
    return this.state();
  }
}
