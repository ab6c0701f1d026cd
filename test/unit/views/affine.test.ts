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
      const view = openView({ kind: "affine", perChannel: true, source, offset: 0, codes: kind, scales, zeros, inner }, openSource);
      const expected = Float32Array.from(stored, (code, index) => {
        const channel = Math.floor(index / inner) % 3;
        return scales[channel]! * Math.fround(Math.fround(code) - zeros[channel]!);
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

  it("take one scale for all values in float32, and scales of channels in float64", () => {
    const source = MemoryFile.from("q", Uint8Array.of(128, 133, 137)).ref;
    const read = (perChannel: boolean): number[] => {
      const ref = { kind: "affine", perChannel, source, offset: 0, codes: "I8", scales: [0.1234567], zeros: [3], inner: 1 } as const;
      const values = new Float32Array(3);
      openView(ref, openSource).read(0, new Uint8Array(values.buffer));
      return [...values];
    };
    // As torch 2.15 dequantizes −128, −123 and −119 with scale 0.1234567 and zero point 3.
    assert.deepEqual(read(false), [-16.172828674316406, -15.55554485321045, -15.061717987060547]);
    assert.deepEqual(read(true), [-16.172826766967773, -15.555543899536133, -15.06171703338623]);
  });
});
