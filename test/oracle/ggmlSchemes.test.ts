import { listSchemes, isByteScheme } from "../../src/core/quant/registry";
import type { ByteScheme } from "../../src/core/quant/scheme";
import { anyFinite, distributions, importance, sample } from "../support/distributions";
import { ggmlOrSkip, type Ggml } from "../support/ggml";
import { assertBytesOfGgml } from "../support/ggmlBytes";

const rows = 64;
const columns = 1024;

/** Rows of each distribution, and of any finite bit pattern, subnormals included. */
const inputs: readonly (readonly [name: string, make: () => Float32Array])[] = [
  ...distributions.map((name) => [name, () => sample(name, rows * columns, 2026)] as const),
  ["any magnitude", () => anyFinite(rows * columns)],
];

/** The lattice types are too slow for this many values: their first use alone takes the library seconds. */
const isQuick = ({ id }: { id: string }): boolean => !/^IQ[123]/.test(id);

describe("the schemes against the real ggml library, two million values a type", () => {
  let ggml: Ggml;
  let comparisons = 0;
  before(function () {
    ggml = ggmlOrSkip(this);
  });
  after(() => {
    if (comparisons > 0)
      console.log(`      ${comparisons} comparisons (type × imatrix × distribution), ${rows * columns} values each: equal`);
  });

  const schemes = listSchemes().filter(
    (scheme): scheme is ByteScheme => scheme.family === "ggml" && isByteScheme(scheme) && isQuick(scheme),
  );
  for (const scheme of schemes) {
    for (const weighted of [false, true]) {
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
