import assert from "node:assert/strict";
import { listSchemes, isByteScheme } from "../../src/core/quant/registry";
import type { ByteScheme } from "../../src/core/quant/scheme";
import { distributions, importance, sample } from "../support/distributions";
import { ggmlOrSkip, ggmlTypeIds, type Ggml, type GgmlTypeName } from "../support/ggml";

const rows = 64;
const columns = 1024;

/** ggml's name of a type in its functions. */
const libraryName = (id: string): GgmlTypeName => id.toLowerCase().replace(/k$/, "K") as GgmlTypeName;

describe("the schemes against the real ggml library, two million values each", () => {
  let ggml: Ggml;
  let comparisons = 0;
  before(function () {
    ggml = ggmlOrSkip(this);
  });
  after(() => {
    if (comparisons > 0)
      console.log(`      ${comparisons} comparisons (type × imatrix × distribution), ${rows * columns} values each: all equal`);
  });

  const schemes = listSchemes().filter((scheme): scheme is ByteScheme => scheme.family === "ggml" && isByteScheme(scheme));
  for (const scheme of schemes) {
    for (const weighted of [false, true]) {
      it(`${scheme.id} gives ggml's bytes ${weighted ? "with" : "without"} importance matrix`, () => {
        distributions.forEach((distribution, index) => {
          const values = sample(distribution, rows * columns, 2026);
          const weights = weighted ? importance(columns, index) : undefined;
          const expected = ggml.quantizeChunk(ggmlTypeIds[libraryName(scheme.id)], values, rows, columns, weights);
          const actual = new Uint8Array(scheme.bytes([rows, columns])).fill(0xaa);
          scheme.quantizeRows(values, columns, actual, weights);
          const at = actual.findIndex((byte, i) => byte !== expected[i]);
          const block = scheme.bytes([scheme.blockSize]);
          assert.equal(
            at,
            -1,
            `${distribution}: byte ${at % block} of block ${Math.floor(at / block)}: ${actual[at]}, ggml ${expected[at]}`,
          );
          comparisons++;
        });
      });
    }
  }
});
