import type { SparseCounts } from "./patternCounts";

/** Up to this many keys, counting those that occur is cheaper than going through all 65,536. */
export const fewKeys = 8192;

const counts = new Uint32Array(65536);

/** Counts 16-bit keys; for few of them, as in the many small tensors of a checkpoint. */
export function countFew(keys: ArrayLike<number>): SparseCounts {
  const used: number[] = [];
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (counts[key]!++ === 0) used.push(key);
  }
  const sorted = Uint16Array.from(used).sort();
  const sparse = { keys: sorted, counts: Float64Array.from(sorted, (key) => counts[key]!) };
  for (const key of used) counts[key] = 0;
  return sparse;
}
