import assert from "node:assert/strict";
import { findScheme, isByteScheme } from "../../src/core/quant/registry";
import { anySquarable, distributions, importance, sample } from "../support/distributions";
import { ggmlOrSkip, type Ggml } from "../support/ggml";
import { assertBytesOfGgml } from "../support/ggmlBytes";

const rows = 16;
const columns = 1024;

/** ggml ends the process on values whose squares are infinite, and on importance weights that are missing where it demands them. */
const inputs: readonly (readonly [name: string, make: () => Float32Array])[] = [
  ...distributions.filter((name) => name !== "huge").map((name) => [name, () => sample(name, rows * columns, 2027)] as const),
  ["any magnitude", () => anySquarable(rows * columns)],
];

const types = ["iq3_s", "iq3_xxs", "iq2_s", "iq2_xs", "iq2_xxs", "iq1_m", "iq1_s"] as const;

describe("the lattice types against the real ggml library, a quarter of a million values each", () => {
  let ggml: Ggml;
  let comparisons = 0;
  before(function () {
    ggml = ggmlOrSkip(this);
  });
  after(() => {
    if (comparisons > 0)
      console.log(`      ${comparisons} comparisons (type × imatrix × distribution), ${rows * columns} values each: all equal`);
  });

  for (const type of types) {
    const scheme = findScheme(type);
    assert.ok(isByteScheme(scheme));
    for (const weighted of scheme.needsImportance ? [true] : [false, true]) {
      it(`${scheme.id} gives ggml's bytes ${weighted ? "with" : "without"} importance matrix`, () => {
        inputs.forEach(([distribution, make], index) => {
          const weights = weighted ? importance(columns, index) : undefined;
          assertBytesOfGgml(ggml, scheme, make(), columns, weights, distribution);
          comparisons++;
        });
      });
    }
  }
});
