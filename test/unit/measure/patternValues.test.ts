import assert from "node:assert/strict";
import { ascendingPatterns, patternRange, patternValue } from "../../../src/core/measure/patternValues";
import { nearestRank, percentilesOf } from "../../../src/core/measure/percentiles";
import { sample, withSpecials } from "../../support/distributions";

function keyOf(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16;
}

describe("the top 16 bits of a float32", () => {
  it("sort as the values do, without those that are not finite", () => {
    const values = withSpecials(sample("heavy tails", 2000, 4), 0.1);
    const finite = [...values].filter(Number.isFinite).sort((a, b) => a - b);
    const expected = finite.map(keyOf).filter((key, i, all) => key !== all[i - 1]);
    const signless = (list: Iterable<number>): number[] => [...list].filter((key) => (key & 0x7fff) !== 0);
    const found = ascendingPatterns([...new Set(Array.from(values, keyOf))]);
    assert.deepEqual(signless(found), signless(expected));
  });

  it("stand for a value within 2^-8 of every value they cover", () => {
    for (const value of sample("normal", 5000, 5)) {
      const key = keyOf(value);
      const { low, high } = patternRange(key);
      assert.ok(low <= value && value <= high, `${value} in ${low}…${high}`);
      assert.ok(Math.abs(patternValue(key) - value) <= 2 ** -8 * Math.abs(value), String(value));
    }
  });

  it("stand for zero where they are those of zero", () => {
    assert.equal(patternValue(keyOf(0)), 0);
    assert.equal(patternValue(keyOf(-0)), 0);
  });
});

describe("percentiles", () => {
  it("are nearest rank, without rounding a rank up that is a whole number", () => {
    assert.equal(nearestRank(999, 1000), 999);
    assert.equal(nearestRank(500, 4), 2);
    assert.equal(nearestRank(500, 5), 3);
    assert.equal(nearestRank(1, 10), 1);
    const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
    const expected = { "0.1": 1, "1": 1, "5": 5, "25": 25, "50": 50, "75": 75, "95": 95, "99": 99, "99.9": 100 };
    assert.deepEqual(percentilesOf(hundred, new Array(100).fill(1), 100), expected);
  });

  it("are null without values", () => {
    assert.equal(percentilesOf([], [], 0), null);
  });
});
