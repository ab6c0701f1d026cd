/** Numbers from 0 to below 1 that look random, the same for the same seed on every machine (mulberry32 by Tommy Ettinger). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` different whole numbers from 0 to below `total`, all of them if there are no more (Floyd's algorithm). */
export function chooseNumbers(count: number, total: number, random: () => number): Set<number> {
  const chosen = new Set<number>();
  for (let last = Math.max(0, total - count); last < total; last++) {
    const found = Math.floor(random() * (last + 1));
    chosen.add(chosen.has(found) ? last : found);
  }
  return chosen;
}
