import assert from "node:assert/strict";
import fc from "fast-check";
import { countFew } from "../../../src/core/measure/countFew";
import { PatternCounts, sparseCounts } from "../../../src/core/measure/patternCounts";

const keys = fc.array(fc.oneof(fc.nat(65535), fc.nat(9)), { maxLength: 300 });

function tally(list: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const key of [...list].sort((a, b) => a - b)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function dense(list: readonly number[]): Uint32Array {
  const counts = new Uint32Array(65536);
  for (const key of list) counts[key]!++;
  return counts;
}

describe("counts by key", () => {
  it("merge to the same for any split and order", () => {
    fc.assert(
      fc.property(keys, keys, keys, (a, b, c) => {
        const expected = tally([...a, ...b, ...c]);
        const left = new PatternCounts();
        left.add(dense(b));
        left.merge(countFew(c));
        const right = new PatternCounts();
        right.merge(sparseCounts(dense(a)));
        right.merge(left.state());
        const state = right.result();
        assert.deepEqual(Array.from(state.keys), [...expected.keys()]);
        assert.deepEqual(Array.from(state.counts), [...expected.values()]);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it("of a few keys equal those of a table, call after call", () => {
    fc.assert(
      fc.property(keys, (list) => assert.deepEqual(countFew(list), sparseCounts(dense(list)))),
      { seed: 3, numRuns: 100 },
    );
  });

  it("go beyond what fits in 32 bits", () => {
    const counts = new PatternCounts();
    for (let i = 0; i < 3; i++) counts.merge({ keys: [7], counts: [4_000_000_000] });
    assert.deepEqual(Array.from(counts.result().counts), [12_000_000_000]);
  });
});
