import assert from "node:assert/strict";
import { firstUnusualHalf } from "../../../src/core/quant/ggml/unusualHalf";
import { KernelMemory } from "../../support/kernelMemory";

const [stride, at, count] = [18, 2, 100];

describe("kernel firstUnusualHalf", () => {
  const memory = new KernelMemory();

  /** Blocks whose numbers are all 1.0 but for those given. */
  function found(patterns: Record<number, number>, least: number): number {
    const blocks = new Uint8Array(stride * count).fill(0xff);
    const view = new DataView(blocks.buffer);
    for (let block = 0; block < count; block++) view.setUint16(block * stride + at, patterns[block] ?? 0x3c00, true);
    memory.reset();
    const place = memory.kernels.firstUnusualHalf(memory.place(blocks), count, stride, at, least);
    assert.equal(place, firstUnusualHalf(blocks, stride, at, least));
    return place;
  }

  it("finds the first that is not finite, and the first below the least, of either sign", () => {
    assert.equal(found({}, 32), -1);
    for (const pattern of [0x7c00, 0xfc00, 0x7e00, 0xffff]) {
      assert.equal(found({ 41: pattern, 60: 0x7c00 }, 0), 41);
      assert.equal(found({ [count - 1]: pattern }, 32), count - 1);
    }
    for (const pattern of [0, 0x8000, 31, 0x801f]) assert.equal(found({ 0: pattern }, 32), 0);
  });

  it("passes the largest number, the least itself, and zeros where nothing is too small", () => {
    assert.equal(found({ 1: 0x7bff, 2: 0xfbff, 3: 32, 4: 0x8020 }, 32), -1);
    assert.equal(found({ 5: 0, 6: 0x8000 }, 0), -1);
  });
});
