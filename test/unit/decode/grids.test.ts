import assert from "node:assert/strict";
import { evenSigns, grid, type GridName } from "../../../src/core/decode/ggml/grids";
import { signedLevels, unpackEntry } from "../../../src/core/decode/ggml/signedGrid";

/** Entries, width and levels of the code books: formats of ggml's IQ types. */
const books: readonly (readonly [GridName, number, number, number[]])[] = [
  ["iq2xxs", 256, 8, [8, 25, 43]],
  ["iq2xs", 512, 8, [8, 25, 43]],
  ["iq2s", 1024, 8, [8, 25, 43]],
  ["iq3xxs", 256, 4, [4, 12, 20, 28, 36, 44, 52, 62]],
  ["iq3s", 512, 4, [1, 3, 5, 7, 9, 11, 13, 15]],
  ["iq1s", 2048, 8, [-1, 0, 1]],
];

describe("lattice code books", () => {
  for (const [name, count, width, levels] of books) {
    it(`${name}: ${count} different vectors of ${width}, made of all its levels`, () => {
      const book = grid(name);
      assert.deepEqual([book.count, book.width, book.levels, book.values.length], [count, width, levels, count * width]);
      const entries = new Set(Array.from({ length: count }, (_, i) => book.values.subarray(i * width, (i + 1) * width).join()));
      assert.equal(entries.size, count);
      assert.deepEqual(
        [...new Set(book.values)].sort((a, b) => a - b),
        levels,
      );
      book.codes.forEach((code, i) => assert.equal(book.values[i], levels[code]));
      assert.equal(grid(name), book);
    });
  }

  it("gives every sign index an even number of negative signs", () => {
    const all = Array.from({ length: 128 }, (_, index) => evenSigns(index));
    for (const [index, signs] of all.entries()) {
      assert.equal(signs & 127, index);
      assert.equal(signs.toString(2).replaceAll("0", "").length % 2, 0);
    }
  });

  it("makes codes of magnitudes and signs", () => {
    const levels = signedLevels("iq3s");
    const codes = new Int16Array(6).fill(-1);
    unpackEntry(grid("iq3s"), 300, 0b1010, codes, 1);
    const magnitudes = grid("iq3s").values.subarray(1200, 1204);
    const expected = Array.from(magnitudes, (value, j) => (j % 2 === 1 ? -value : value));
    assert.deepEqual(
      Array.from(codes.subarray(1, 5), (code) => levels[code]),
      expected,
    );
    assert.deepEqual([codes[0], codes[5]], [-1, -1]);
  });
});
