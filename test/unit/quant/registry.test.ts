import assert from "node:assert/strict";
import { UsageError } from "../../../src/core/errors";
import { editDistance, nearestNames } from "../../../src/core/quant/editDistance";
import { findScheme, isAffineScheme, isByteScheme, isValueScheme, listSchemes } from "../../../src/core/quant/registry";
import { findDType, storedBytes } from "../../../src/core/tensor/dtype";

describe("scheme registry", () => {
  it("finds every listed scheme under its own name, in any case", () => {
    for (const scheme of listSchemes()) {
      assert.equal(findScheme(scheme.id).id, scheme.id);
      assert.equal(findScheme(scheme.id.toUpperCase()).id, scheme.id);
      const kinds = [isByteScheme(scheme), isAffineScheme(scheme), isValueScheme(scheme)];
      assert.equal(kinds.filter(Boolean).length, 1, scheme.id);
    }
    assert.equal(new Set(listSchemes().map(({ id }) => id.toLowerCase())).size, listSchemes().length);
  });

  it("sizes ggml schemes as the stored types of the same name", () => {
    for (const scheme of listSchemes().filter(({ family }) => family === "ggml")) {
      assert.equal(scheme.bytes([3, 1024]), storedBytes(findDType(scheme.id)!, [3, 1024]), scheme.id);
    }
  });

  it("composes affine names it does not list", () => {
    const scheme = findScheme("int5-sym-channel");
    assert.ok(isAffineScheme(scheme));
    assert.equal(scheme.bits, 5);
  });

  it("refuses unknown names and names the nearest", () => {
    for (const [name, nearest] of [
      ["Q4_KK", "Q4_K"],
      ["q8", "Q8_0"],
      ["bfloat16", "bf16"],
      ["int4g128", "int4-g128"],
    ] as const) {
      assert.throws(
        () => findScheme(name),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.equal(error.code, "unknown-type");
          assert.ok(error.message.includes(name) && error.message.includes(nearest), error.message);
          return true;
        },
      );
    }
  });

  it("says of known types that have no quantizer here what they are", () => {
    for (const [name, why] of [
      ["Q8_K", /quantizer of "Q8_K" is not built in/],
      ["q8_1", /quantizer of "q8_1" is not built in/],
      ["nf4-b63", /There is no quantization type "nf4-b63"/],
      ["Q4_K_M", /"Q4_K_M" is a mixture/],
      ["Q4_KK", /There is no quantization type "Q4_KK"/],
    ] as const) {
      assert.throws(() => findScheme(name), why);
    }
  });

  it("lists everything when nothing is near", () => {
    assert.throws(() => findScheme("completely-unrelated-name-of-nothing"), /Known types: .*Q4_K/);
  });
});

describe("fallback of rows that do not divide into blocks", () => {
  const fallback = (name: string, columns: number): string | true => {
    const answer = findScheme(name).applicable([8, columns]);
    return answer === true ? true : answer.fallback;
  };

  it("follows llama-quantize's chain", () => {
    assert.equal(fallback("Q4_K", 1024), true);
    assert.deepEqual(
      ["Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K"].map((name) => fallback(name, 896)),
      ["Q4_0", "Q4_0", "Q5_0", "Q5_1", "Q8_0"],
    );
    assert.deepEqual(
      ["IQ4_XS", "TQ1_0", "TQ2_0", "Q1_0", "Q2_0", "NVFP4"].map((name) => fallback(name, 896)),
      ["IQ4_NL", "Q4_0", "Q4_0", true, true, true],
    );
    assert.deepEqual(
      ["IQ4_NL", "MXFP4", "Q2_0", "Q1_0", "NVFP4"].map((name) => fallback(name, 96)),
      [true, true, "Q4_0", "f16", "f16"],
    );
    assert.deepEqual(
      ["Q4_K", "Q6_K", "Q8_0", "Q4_0"].map((name) => fallback(name, 100)),
      ["f16", "f16", "f16", "f16"],
    );
  });

  it("names a scheme that exists and can store the rows, and says why", () => {
    const answer = findScheme("Q4_K").applicable([4, 896]);
    assert.ok(answer !== true);
    assert.match(answer.reason, /896.*256/);
    assert.equal(findScheme(answer.fallback).applicable([4, 896]), true);
  });

  it("takes a vector's length, and 1 for a scalar, as the row", () => {
    assert.equal(findScheme("Q8_0").applicable([64]), true);
    assert.equal(fallback("Q8_0", 1), "f16");
    assert.notEqual(findScheme("Q8_0").applicable([]), true);
  });
});

describe("edit distance", () => {
  it("counts insertions, deletions and substitutions", () => {
    assert.equal(editDistance("kitten", "sitting"), 3);
    assert.equal(editDistance("", "abc"), 3);
    assert.equal(editDistance("same", "same"), 0);
  });

  it("orders candidates by distance and drops far ones", () => {
    assert.deepEqual(nearestNames("q4_k", ["Q8_0", "Q4_K", "zzzzzzzz", "Q4_0"]), ["Q4_K", "Q4_0", "Q8_0"]);
  });
});
