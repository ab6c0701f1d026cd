import assert from "node:assert/strict";
import { parseAffine as parseScheme } from "../../../src/core/quant/affine";
import { affineId, affineLabel, offeredBits, parseAffine } from "../../../webview/editor/histogram/affineChoice";

describe("affine choice", () => {
  it("reads what the schemes are called", () => {
    assert.deepEqual(parseAffine("int4-g128"), { bits: 4, group: 128, symmetric: false, range: "minmax" });
    assert.deepEqual(parseAffine("INT8-sym-channel"), { bits: 8, group: "channel", symmetric: true, range: "minmax" });
    assert.deepEqual(parseAffine("int6-asym"), { bits: 6, group: "tensor", symmetric: false, range: "minmax" });
    assert.equal(parseAffine("int4-minmax")?.range, "minmax");
    assert.equal(parseAffine("Q4_K"), undefined);
  });

  it("writes names that the quantizer understands in the same way", () => {
    for (const bits of [2, 4, 8, 16]) {
      for (const group of ["tensor", "channel", 32, 256] as const) {
        for (const symmetric of [false, true]) {
          const id = affineId({ bits, group, symmetric, range: "minmax" });
          assert.deepEqual(parseAffine(id), { bits, group, symmetric, range: "minmax" });
          const scheme = parseScheme(id);
          assert.ok(scheme, id);
          assert.deepEqual([scheme.bits, scheme.symmetric], [bits, symmetric]);
          assert.equal(scheme.granularity.kind, typeof group === "number" ? "group" : group);
        }
      }
    }
  });

  it("names the choice of a range for the whole tensor, and drops it where there are more", () => {
    for (const range of ["p99.9", "mse", "kl"] as const) {
      const id = affineId({ bits: 4, group: "tensor", symmetric: true, range });
      assert.equal(id, `int4-sym-${range}`);
      assert.equal(parseAffine(id)?.range, range);
      assert.ok(parseScheme(id)?.chooseRange);
      assert.equal(parseScheme(id)?.id, id);
      assert.equal(affineId({ bits: 4, group: 64, symmetric: false, range }), "int4-g64");
    }
  });

  it("offers the usual widths first and always the chosen one", () => {
    assert.deepEqual(offeredBits(6, 4), [2, 3, 4, 5, 6, 8]);
    assert.deepEqual(offeredBits(5, 4), [2, 3, 4, 6, 8]);
    assert.deepEqual(offeredBits(5, 7), [2, 3, 4, 7, 8]);
    assert.equal(offeredBits(99, 4).length, 15);
    assert.equal(affineLabel({ bits: 4, group: 128, symmetric: false, range: "minmax" }), "INT4 g128");
  });
});
