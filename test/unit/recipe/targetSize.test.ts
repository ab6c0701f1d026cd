import assert from "node:assert/strict";
import fc from "fast-check";
import { UsageError } from "../../../src/core/errors";
import { fitToBudget, type SizedTensorOptions, type SizeOption } from "../../../src/core/recipe/targetSize";

interface Sum {
  bytes: number;
  error: number;
}

const add = (sum: Sum, { bytes, squaredError }: SizeOption): Sum => ({ bytes: sum.bytes + bytes, error: sum.error + squaredError });

function sumOf(tensors: readonly SizedTensorOptions[], types: ReadonlyMap<string, string>): Sum {
  return tensors.reduce(
    (sum, { name, options }) =>
      add(
        sum,
        options.find(({ type }) => type === types.get(name))!,
      ),
    { bytes: 0, error: 0 },
  );
}

/** Every choice there is. */
function all(tensors: readonly SizedTensorOptions[]): Sum[] {
  return tensors.reduce<Sum[]>(
    (sums, { options }) => sums.flatMap((sum) => options.map((option) => add(sum, option))),
    [{ bytes: 0, error: 0 }],
  );
}

const option = fc.record({ bytes: fc.integer({ min: 1, max: 60 }), squaredError: fc.integer({ min: 0, max: 1000 }) });
const tensors = fc
  .array(fc.array(option, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  .map((list) => list.map((options, i) => ({ name: `t${i}`, options: options.map((one, type) => ({ ...one, type: String(type) })) })));
const seeded = { seed: 4, numRuns: 500 };

describe("types for a target size", () => {
  it("fit, and are at most one step of one tensor from the best of all choices", () => {
    fc.assert(
      fc.property(tensors, fc.integer({ min: 1, max: 300 }), (list, budget) => {
        const fitting = all(list).filter(({ bytes }) => bytes <= budget);
        if (fitting.length === 0) {
          assert.throws(
            () => fitToBudget(list, budget),
            (error) => error instanceof UsageError && error.code === "target-too-small",
          );
          return;
        }
        const found = sumOf(list, fitToBudget(list, budget));
        const best = Math.min(...fitting.map(({ error }) => error));
        const largestStep = Math.max(...list.map(({ options }) => Math.max(...options.map((one) => one.squaredError))));
        assert.ok(found.bytes <= budget);
        assert.ok(found.error >= best && found.error <= best + largestStep, `${found.error}, best ${best}`);
      }),
      seeded,
    );
  });

  it("give nothing worse when the budget shrinks to what was used", () => {
    fc.assert(
      fc.property(tensors, fc.integer({ min: 1, max: 300 }), (list, budget) => {
        if (all(list).every(({ bytes }) => bytes > budget)) return;
        const { bytes, error } = sumOf(list, fitToBudget(list, budget));
        const again = sumOf(list, fitToBudget(list, bytes));
        assert.ok(again.bytes <= bytes && again.error <= error);
      }),
      seeded,
    );
  });

  it("are the best of all at every budget when every step saves the same", () => {
    const list = ["a", "b", "c"].map((name) => ({
      name,
      options: [0, 1, 2, 3].map((step) => ({ type: String(step), bytes: 10 + 5 * step, squaredError: 90 - 30 * step })),
    }));
    for (let budget = 30; budget <= 80; budget++) {
      const best = Math.min(
        ...all(list)
          .filter(({ bytes }) => bytes <= budget)
          .map(({ error }) => error),
      );
      assert.equal(sumOf(list, fitToBudget(list, budget)).error, best);
    }
  });

  it("take whatever fits for nothing", () => {
    const list = [
      {
        name: "a",
        options: [
          { type: "x", bytes: 5, squaredError: 9 },
          { type: "y", bytes: 5, squaredError: 1 },
        ],
      },
    ];
    assert.equal(fitToBudget(list, 5).get("a"), "y");
  });
});
