import assert from "node:assert/strict";
import { grid, type GridName } from "../../../../src/core/decode/ggml/grids";
import { latticeBook } from "../../../../src/core/quant/ggml/iq/latticeBook";
import { randomFrom } from "../../../support/distributions";

/** How many distances count as near. Source: ggml `src/ggml-quants.c`. */
const rings: readonly (readonly [GridName, number])[] = [
  ["iq2xxs", 2],
  ["iq2xs", 2],
  ["iq2s", 1],
  ["iq3xxs", 2],
  ["iq3s", 3],
  ["iq1s", 3],
];

const unpack = (packed: number, width: number, bits: number): number[] =>
  Array.from({ length: width }, (_, i) => (packed >> (bits * i)) & ((1 << bits) - 1));

describe("neighbours in lattice code books", () => {
  for (const [name, near] of rings) {
    const { width, count, levels, codes } = grid(name);

    it(`${name}: every entry is found by its levels`, () => {
      const book = latticeBook(name);
      for (let i = 0; i < count; i++) {
        assert.deepEqual(unpack(book.entries[i]!, width, book.bits), Array.from(codes.subarray(i * width, (i + 1) * width)));
        assert.equal(book.indexOf[book.entries[i]!], i);
      }
      assert.equal(
        book.indexOf.reduce((found, index) => found + (index >= 0 ? 1 : 0), 0),
        count,
      );
      assert.equal(latticeBook(name), book);
    });

    it(`${name}: any other vector has the entries at the ${near} smallest distances, by distance and number`, () => {
      const book = latticeBook(name);
      const random = randomFrom(near + width);
      for (let tries = 0; tries < 200; tries++) {
        const vector = Array.from({ length: width }, () => Math.floor(random() * levels.length));
        const packed = vector.reduce((sum, level, i) => sum | (level << (book.bits * i)), 0);
        if (book.indexOf[packed]! >= 0) continue;
        const byDistance = Array.from({ length: count }, (_, i) => ({
          i,
          distance: vector.reduce((sum, level, k) => sum + (level - codes[i * width + k]!) ** 2, 0),
        })).sort((a, b) => a.distance - b.distance || a.i - b.i);
        const farthest = [...new Set(byDistance.map(({ distance }) => distance))][near - 1]!;
        const expected = byDistance.filter(({ distance }) => distance <= farthest).map(({ i }) => i);
        const found = book.neighbours.subarray(book.first[packed], book.first[packed + 1]!);
        assert.deepEqual(
          Array.from(found, (entry) => book.indexOf[entry]),
          expected,
        );
      }
    });
  }
});
