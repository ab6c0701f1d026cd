import type { SparseCounts } from "./patternCounts";

/** Up to this many keys, counting those that occur is cheaper than going through all 65,536. */
export const fewKeys = 8192;

const countOf = new Uint32Array(65536);
const used = new Uint16Array(65536);

/** Counts 16-bit keys; for few of them, as in the many small tensors of a checkpoint. */
export function countFew(keys: ArrayLike<number>): SparseCounts {
  let distinct = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    if (countOf[key] === 0) used[distinct++] = key;
    countOf[key]!++;
  }
  const sorted = used.slice(0, distinct).sort();
  const counts = new Float64Array(distinct);
  for (let i = 0; i < distinct; i++) {
    const key = sorted[i]!;
    counts[i] = countOf[key]!;
    countOf[key] = 0;
  }
  return { keys: sorted, counts };
}
