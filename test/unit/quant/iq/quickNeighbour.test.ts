import assert from "node:assert/strict";
import { bestNeighbour } from "../../../../src/core/quant/ggml/iq/bestNeighbour";
import { latticeBook } from "../../../../src/core/quant/ggml/iq/latticeBook";
import { forgetNeighbours, quickNeighbour } from "../../../../src/core/quant/ggml/iq/quickNeighbour";
import { magnitudes, rootWeights } from "../../../../src/core/quant/ggml/iq/subBlock";
import { randomFrom } from "../../../support/distributions";

describe("the quick search for a neighbour", () => {
  for (const name of ["iq2xxs", "iq2xs", "iq2s", "iq3xxs", "iq3s"] as const) {
    it(`${name}: finds the one that ggml's sums find, ties and tiny weights included`, () => {
      const book = latticeBook(name);
      const random = randomFrom(31);
      const levels = new Float64Array(book.levels);
      const vectors = 32 / book.width;
      let searches = 0;
      for (let block = 0; block < 400; block++) {
        const unit = Math.fround(10 ** (block % 5 === 0 ? -20 * random() : -2 * random()));
        for (let i = 0; i < 32; i++) {
          // Whole levels and equal weights give equal distances.
          const level = block % 2 === 0 ? Math.floor(random() * 2 * book.levels) : random() * 2 * book.levels;
          magnitudes[i] = Math.fround((block % 3 === 0 && i % 8 === 0 ? -level : level) * unit);
          rootWeights[i] = block % 4 === 0 ? unit : random() < 0.1 ? 0 : Math.fround(random() * unit);
        }
        forgetNeighbours();
        for (const factor of [0.8, 0.9, 1, 1.1]) {
          const scale = Math.fround(unit * factor);
          for (let l = 0; l < book.levels; l++) levels[l] = Math.fround(scale * (2 * l + 1));
          for (let k = 0; k < vectors; k++) {
            let packed = 0;
            for (let i = 0; i < book.width; i++) {
              const level = Math.round((magnitudes[book.width * k + i]! / scale - 1) / 2);
              packed |= Math.min(book.levels - 1, Math.max(0, level)) << (book.bits * i);
            }
            if (book.indexOf[packed]! >= 0) continue;
            const expected = bestNeighbour(book, packed, magnitudes, rootWeights, book.width * k, levels);
            assert.equal(quickNeighbour(book, packed, k, scale, levels), expected);
            searches++;
          }
        }
      }
      assert.ok(searches > 1000, `${searches} searches`);
    });
  }
});
