import assert from "node:assert/strict";
import fc from "fast-check";
import { clampSplit, splitSizes } from "../../../webview/editor/splitLayout";
import { defaultState, restoreState } from "../../../webview/editor/state";

describe("restored state", () => {
  it("is what was stored", () => {
    const state = {
      ...defaultState("Q4_K"),
      filter: "down",
      view: "list" as const,
      sort: { key: "std" as const, descending: true },
      collapsed: ["model.layers.0"],
      selected: "w",
      split: 0.4,
      stackedSplit: undefined,
      tab: "values" as const,
      values: { row: 3, column: 4 },
    };
    assert.deepEqual(restoreState(JSON.parse(JSON.stringify(state)), "Q8_0"), state);
  });

  it("keeps every view of a tensor, and none that there is not", () => {
    const tabOf = (tab: string): string => restoreState({ version: 1, tab }, "Q4_K").tab;
    for (const tab of ["histogram", "values", "types", "metadata"]) assert.equal(tabOf(tab), tab);
    assert.equal(tabOf("channels"), "histogram");
  });

  it("is the default when nothing usable was stored", () => {
    for (const stored of [undefined, null, 3, "x", {}, { version: 2 }])
      assert.deepEqual(restoreState(stored, "Q4_K"), defaultState("Q4_K"));
  });

  it("is whole whatever was stored", () => {
    const whole = Object.keys(defaultState("Q4_K"));
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...whole), fc.anything()), (stored) => {
        const state = restoreState({ ...stored, version: 1 }, "Q4_K");
        for (const key of whole) assert.ok(key in state, key);
        assert.ok(["tree", "list"].includes(state.view));
        assert.ok(typeof state.sort.descending === "boolean" && Array.isArray(state.columns));
        assert.ok(state.split === undefined || (state.split >= 0 && state.split <= 1));
      }),
      { seed: 9, numRuns: 300 },
    );
  });
});

describe("split layout", () => {
  it("gives the detail 562 px in a wide window and stacks in a narrow one", () => {
    assert.deepEqual(splitSizes(1400, 800, {}), { stacked: false, total: 1400, list: 838 });
    assert.equal(splitSizes(2400, 800, {}).list, 1440);
    assert.deepEqual(splitSizes(760, 800, {}), { stacked: true, total: 800, list: 236 });
  });

  it("keeps room for both panes wherever the sash is put", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 3000 }), fc.integer({ min: -5000, max: 5000 }), fc.boolean(), (total, pixels, stacked) => {
        const share = clampSplit(pixels, total, stacked);
        assert.ok(share > 0 && share < 1);
        const width = stacked ? 500 : Math.max(761, total);
        const sizes = splitSizes(width, total, stacked ? { stackedSplit: share } : { split: share });
        assert.ok(sizes.list > 0 && sizes.list < sizes.total);
      }),
      { seed: 10, numRuns: 200 },
    );
    assert.equal(clampSplit(0, 1400, false), 280 / 1400);
    assert.equal(clampSplit(9999, 1400, false), 1060 / 1400);
  });
});
