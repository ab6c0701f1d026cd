import assert from "node:assert/strict";
import { walkthroughKeys, type WalkthroughStep } from "../../../src/extension/identifiers";
import { SeenPreviews } from "../../../src/extension/walkthrough/seenPreviews";
import { WalkthroughProgress } from "../../../src/extension/walkthrough/walkthroughProgress";

/** What was done, step by step, of a page that is given figures. */
function watch(): { seen: SeenPreviews; steps: WalkthroughStep[] } {
  const steps: WalkthroughStep[] = [];
  return { seen: new SeenPreviews((step) => steps.push(step)), steps };
}

describe("what a page's figures say of the walkthrough", () => {
  it("counts no figure that nobody asked for", () => {
    const { seen, steps } = watch();
    seen.shown({ tensor: 2, scheme: "Q4_K" });
    seen.shown({ tensor: 2, scheme: "Q4_K" });
    assert.deepEqual(steps, []);
  });

  it("counts the histogram of another tensor, and another type of the same one", () => {
    const { seen, steps } = watch();
    seen.shown({ tensor: 2, scheme: "Q4_K" });
    seen.shown({ tensor: 5, scheme: "Q4_K" });
    assert.deepEqual(steps, ["histogram"]);
    seen.shown({ tensor: 5, scheme: "int4" });
    assert.deepEqual(steps, ["histogram", "quantize"]);
  });

  it("counts a chosen range, and none that goes from the least to the greatest value", () => {
    const { seen, steps } = watch();
    for (const scheme of ["int4", "int4-minmax", "int4-g128", "Q4_K", "int8-p99.9", "int4-mse", "int4-kl"]) {
      const before = steps.length;
      seen.shown({ tensor: 0, scheme });
      assert.equal(steps.slice(before).includes("range"), /-(p|mse|kl)/.test(scheme), scheme);
    }
  });

  it("counts what was asked for outside once it is shown, and once", () => {
    const { seen, steps } = watch();
    seen.asked();
    assert.deepEqual(steps, []);
    seen.shown({ tensor: 0, scheme: "Q4_K" });
    assert.deepEqual(steps, ["histogram"]);
    seen.asked("int4");
    assert.deepEqual(steps, ["histogram"]);
    seen.shown({ tensor: 1, scheme: "Q4_K" });
    assert.deepEqual(steps, ["histogram", "histogram"], "another tensor, in the type of before");
    seen.shown({ tensor: 1, scheme: "int4" });
    assert.ok(steps.slice(2).every((step) => step === "quantize") && steps.length > 2);
  });

  it("counts what was asked for and is shown already", () => {
    const { seen, steps } = watch();
    seen.shown({ tensor: 0, scheme: "int4" });
    seen.asked();
    seen.asked("int4");
    assert.deepEqual(steps, ["histogram", "quantize"]);
  });
});

describe("progress of the walkthrough", () => {
  it("sets the key of each step", () => {
    const keys: unknown[] = [];
    const progress = new WalkthroughProgress({ set: (key, value) => keys.push([key, value]) });
    for (const step of Object.keys(walkthroughKeys) as WalkthroughStep[]) progress.done(step);
    assert.deepEqual(
      keys,
      Object.values(walkthroughKeys).map((key) => [key, true]),
    );
  });
});
