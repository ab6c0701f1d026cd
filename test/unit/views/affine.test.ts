import assert from "node:assert/strict";
import { openView } from "../../../src/core/views/registry";
import { MemoryFile } from "../../../src/io/memoryFile";
import { openSource } from "../../../src/jobs/tasks/byteSource";

describe("affine views", () => {
  it("read integers as scale · (q − zero), rounded as PyTorch does, in any part", () => {
    const codes = Int32Array.from({ length: 200_000 }, (_, index) => (index * 2_654_435_761) | 0);
    for (const [kind, type] of [
      ["I8", Int8Array],
      ["U8", Uint8Array],
      ["I32", Int32Array],
    ] as const) {
      const stored = type.from(codes as Iterable<number>);
      const source = MemoryFile.from("q", new Uint8Array(stored.buffer)).ref;
      const scales = [0.1, 0.25, 3];
      const zeros = [3, -128, 7];
      const inner = 5;
      const view = openView({ kind: "affine", source, offset: 0, codes: kind, scales, zeros, inner }, openSource);
      const expected = Float32Array.from(stored, (code, index) => {
        const channel = Math.floor(index / inner) % 3;
        return Math.fround(scales[channel]!) * Math.fround(code - zeros[channel]!);
      });
      const bytes = new Uint8Array(expected.buffer);
      for (const [start, count] of [
        [0, bytes.length],
        [4 * 65_536 - 3, 10],
        [7, 4 * 131_072],
        [bytes.length - 1, 1],
      ] as const) {
        const part = new Uint8Array(count);
        view.read(start, part);
        assert.deepEqual(part, bytes.subarray(start, start + count), `${kind} ${start} +${count}`);
      }
      view.close();
    }
  });
});
