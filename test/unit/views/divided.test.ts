import assert from "node:assert/strict";
import { openView } from "../../../src/core/views/registry";
import { MemoryFile } from "../../../src/io/memoryFile";
import { openSource } from "../../../src/jobs/tasks/byteSource";

describe("divided views", () => {
  const values = Float32Array.from({ length: 35 }, (_, index) => index * index + 0.5);
  const stored = new Uint8Array(12 + 4 * values.length);
  stored.set(new Uint8Array(values.buffer), 12);
  const { ref: source } = MemoryFile.from("sums", stored);

  for (const [what, divisors, columns] of [
    ["one number", [3], 35],
    ["a number a row", [1, 2, 3, 7, 11], 7],
  ] as const) {
    it(`read values divided by ${what} in float32, in any part`, () => {
      const view = openView({ kind: "divided", source, offset: 12, divisors, columns }, openSource);
      const expected = values.map((value, index) => value / divisors[divisors.length === 1 ? 0 : Math.floor(index / columns)]!);
      const bytes = new Uint8Array(expected.buffer);
      for (const [start, count] of [
        [0, bytes.length],
        [25, 10],
        [4 * 7 - 1, 2],
        [bytes.length - 3, 3],
        [8, 0],
      ] as const) {
        const part = new Uint8Array(count);
        view.read(start, part);
        assert.deepEqual(part, bytes.subarray(start, start + count), `${start} +${count}`);
      }
      view.close();
    });
  }
});
