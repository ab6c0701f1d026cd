import assert from "node:assert/strict";
import type { FileRef, ViewRef } from "../../../src/core/fileRef";
import { openSource } from "../../../src/jobs/tasks/byteSource";

function memory(bytes: Uint8Array): FileRef {
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  return { kind: "memory", name: "m", bytes: shared };
}

function read(ref: ViewRef, offset: number, length: number): number[] {
  const target = new Uint8Array(length);
  const source = openSource(ref);
  source.read(offset, target);
  source.close();
  return [...target];
}

describe("views of a conversion", () => {
  it("interleave the halves of each head, from and to any byte", () => {
    // Two heads of four rows of three bytes, after five bytes of something else.
    const stored = Uint8Array.from([0, 0, 0, 0, 0, ...Array.from({ length: 24 }, (_, i) => i)]);
    const ref: ViewRef = { kind: "interleavedHalves", source: memory(stored), offset: 5, rowBytes: 3, headRows: 4 };
    const whole = [0, 2, 1, 3, 4, 6, 5, 7].flatMap((row) => [3 * row, 3 * row + 1, 3 * row + 2]);
    for (let start = 0; start <= 24; start++) {
      for (let end = start; end <= 24; end++) assert.deepEqual(read(ref, start, end - start), whole.slice(start, end));
    }
  });

  it("add a number to values as float32, from and to any byte", () => {
    const stored = new Uint8Array(Uint16Array.of(0x3f80, 0xbf80, 0x4000).buffer); // 1, −1, 2 as BF16
    const ref: ViewRef = { kind: "shifted", source: memory(stored), offset: 0, dtype: "BF16", shift: 1 };
    const whole = [...new Uint8Array(Float32Array.of(2, 0, 3).buffer)];
    for (let start = 0; start <= 12; start++) {
      for (let end = start; end <= 12; end++) assert.deepEqual(read(ref, start, end - start), whole.slice(start, end));
    }
  });
});
