import assert from "node:assert/strict";
import { rankExclusions, type SensitiveTensor } from "../../../src/core/recipe/sensitivity";
import { Random } from "../../support/mutations";

function made(random: Random): SensitiveTensor[] {
  return Array.from({ length: 1 + random.next(30) }, () => {
    const bytes = 100 + random.next(10_000);
    const square = random.next(1000) / 7;
    return {
      weights: 1 + random.next(5000),
      square,
      // Some gain nothing, as with types that are no better on a tensor.
      keptSquare: (square * random.next(12)) / 10,
      bytes,
      keptBytes: bytes + random.next(4000) - 200,
    };
  });
}

const gainOf = ({ square, keptSquare, bytes, keptBytes }: SensitiveTensor): number =>
  (square - keptSquare) / Math.max(1, keptBytes - bytes);

describe("sensitivity", () => {
  it("ranks by what a byte saves, leaves out what saves nothing, and adds up", () => {
    const random = new Random(11);
    for (let round = 0; round < 300; round++) {
      const tensors = made(random);
      const ranking = rankExclusions(tensors);
      assert.deepEqual(
        new Set(ranking.map(({ tensor }) => tensor)),
        new Set(tensors.flatMap((tensor, index) => (tensor.keptSquare < tensor.square ? [index] : []))),
      );
      const total = tensors.reduce((sum, { square }) => sum + square, 0);
      const weights = tensors.reduce((sum, tensor) => sum + tensor.weights, 0);
      let [bytes, square, before] = [0, total, Infinity];
      for (const ranked of ranking) {
        const tensor = tensors[ranked.tensor]!;
        assert.ok(gainOf(tensor) <= before);
        before = gainOf(tensor);
        bytes += Math.max(0, tensor.keptBytes - tensor.bytes);
        assert.ok(ranked.square <= square, "none raises the error");
        square -= tensor.square - tensor.keptSquare;
        assert.equal(ranked.bytes, bytes);
        assert.ok(Math.abs(ranked.square - square) < 1e-9 * total);
        assert.ok(Math.abs(ranked.errorShare - tensor.square / total) < 1e-12);
        assert.ok(Math.abs(ranked.weightShare - tensor.weights / weights) < 1e-12);
      }
      assert.ok(square >= -1e-9 * total);
    }
  });

  it("saves at least as much as any other choice of as many bytes, up to the last tensor that no longer fits", () => {
    const random = new Random(12);
    for (let round = 0; round < 60; round++) {
      const tensors = made(random).slice(0, 10);
      const ranking = rankExclusions(tensors);
      for (const { bytes: budget, square } of ranking) {
        for (let subset = 0; subset < 2 ** tensors.length; subset++) {
          const chosen = tensors.filter((_, index) => (subset >> index) & 1);
          const bytes = chosen.reduce((sum, tensor) => sum + Math.max(1, tensor.keptBytes - tensor.bytes), 0);
          if (bytes > budget) continue;
          const left = tensors.reduce((sum, tensor) => sum + (chosen.includes(tensor) ? tensor.keptSquare : tensor.square), 0);
          assert.ok(square <= left + 1e-9, `${square} for ${budget} bytes, and ${left} for ${bytes}`);
        }
      }
    }
  });

  it("has nothing to say where nothing is lost", () => {
    assert.deepEqual(rankExclusions([{ weights: 1, square: 0, keptSquare: 0, bytes: 1, keptBytes: 2 }]), []);
    assert.deepEqual(rankExclusions([]), []);
  });

  it("keeps the order of the checkpoint among equals", () => {
    const equal = { weights: 1, square: 4, keptSquare: 1, bytes: 10, keptBytes: 20 };
    assert.deepEqual(
      rankExclusions([equal, equal, equal]).map(({ tensor }) => tensor),
      [0, 1, 2],
    );
  });
});
