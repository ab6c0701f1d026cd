import assert from "node:assert/strict";
import { smoothingFactors } from "../../../src/core/awq/smoothQuant";
import { sample } from "../../support/distributions";
import { assertClose } from "../../support/kernelMemory";

describe("SmoothQuant's factors", () => {
  const columns = 48;
  const maxima = sample("heavy tails", columns, 1).map(Math.abs);
  const matrices = [sample("small normal", 5 * columns, 2), sample("small normal", 3 * columns, 3)];
  const largest = (column: number): number =>
    Math.max(...matrices.flatMap((matrix) => [...matrix].filter((_, i) => i % columns === column).map(Math.abs)));

  it("are max|x|^α / max|w|^(1 − α), over all layers with these inputs", () => {
    for (const alpha of [0.5, 0.85]) {
      smoothingFactors(maxima, matrices, alpha).forEach((factor, c) => {
        assertClose(factor, maxima[c]! ** alpha / largest(c) ** (1 - alpha), 1e-6, `column ${c}`);
      });
    }
  });

  it("with α = 1 all inputs get the same range", () => {
    const factors = smoothingFactors(maxima, matrices, 1);
    factors.forEach((factor, c) => assertClose(maxima[c]! / factor, 1, 1e-6, `column ${c}`));
  });

  it("are never 0, whatever is 0", () => {
    const factors = smoothingFactors(new Float32Array(columns), [new Float32Array(columns)], 0.5);
    assert.ok(factors.every((factor) => factor === Math.fround(1e-5)));
  });
});
