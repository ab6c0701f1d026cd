import assert from "node:assert/strict";
import { histogramChoices, schemeChoices } from "../../../src/extension/editor/schemeChoices";

describe("types that pages offer", () => {
  it("are those of the lists; where there are only values, without those that need an importance matrix", () => {
    const all = schemeChoices().map(({ id }) => id);
    const drawn = histogramChoices().map(({ id }) => id);
    assert.ok(all.includes("IQ1_S") && !drawn.includes("IQ1_S"));
    assert.ok(drawn.includes("Q4_K") && drawn.every((id) => all.includes(id)));
  });

  it("have what is chosen, too, with its label, once", () => {
    const listed = histogramChoices().length;
    const added = histogramChoices("hqq4-g128", "HQQ4-g128", "nf4", undefined, "nonsense", "IQ1_S").slice(listed);
    assert.deepEqual(added, [{ id: "hqq4-g128", label: "HQQ4 · half-quadratic, groups of 128", family: "integer" }]);
  });
});
