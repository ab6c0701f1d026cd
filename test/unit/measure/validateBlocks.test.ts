import assert from "node:assert/strict";
import { blockFormats } from "../../../src/core/decode/ggml/formats";
import { validateBlocks } from "../../../src/core/measure/validateBlocks";

const bytesOf = (...floats: number[]): Uint8Array => new Uint8Array(new Float32Array(floats).buffer);

describe("validation of stored blocks", () => {
  it("finds NaN and infinite scales and mins, by block and name", () => {
    for (const { id, bytes, halves } of blockFormats) {
      const blocks = new Uint8Array(3 * bytes);
      assert.equal(validateBlocks(id, blocks), undefined, id);
      for (const [name, at] of Object.entries(halves)) {
        for (const [high, low, found] of [
          [0x7e, 0x00, "NaN"],
          [0x7c, 0x01, "NaN"],
          [0x7c, 0x00, "Infinity"],
          [0xfc, 0x00, "-Infinity"],
        ] as const) {
          const spoiled = blocks.slice();
          spoiled.set([low, high], 2 * bytes + at);
          assert.deepEqual(validateBlocks(id, spoiled), { block: 2, name, found }, `${id} ${name}`);
        }
        const largest = blocks.slice();
        largest.set([0xff, 0x7b], at);
        assert.equal(validateBlocks(id, largest), undefined, `${id} ${name}: 65504 is a number`);
      }
    }
  });

  it("knows the scales that are not plain F16", () => {
    const iq1m = new Uint8Array(2 * 56);
    iq1m[56 + 55] = 0x70;
    iq1m[56 + 53] = 0xc0;
    assert.deepEqual(validateBlocks("IQ1_M", iq1m), { block: 1, name: "d", found: "Infinity" });
    assert.deepEqual(validateBlocks("MXFP4", new Uint8Array(17).fill(255)), { block: 0, name: "e", found: "NaN" });
    assert.equal(validateBlocks("NVFP4", new Uint8Array(36).fill(255)), undefined);
    const q8K = new Uint8Array(292);
    q8K.set(bytesOf(-Infinity));
    assert.deepEqual(validateBlocks("Q8_K", q8K), { block: 0, name: "d", found: "-Infinity" });
  });

  it("finds values of float types by their index, far into a tensor too", () => {
    const values = new Float32Array(20_000);
    values[19_999] = NaN;
    assert.deepEqual(validateBlocks("F32", new Uint8Array(values.buffer)), { block: 19_999, name: "value", found: "NaN" });
    assert.deepEqual(validateBlocks("BF16", Uint8Array.of(0x80, 0x3f, 0x80, 0x7f)), { block: 1, name: "value", found: "Infinity" });
    assert.equal(validateBlocks("F32", bytesOf(1, -3e38)), undefined);
    assert.equal(validateBlocks("I8", Uint8Array.of(255)), undefined);
  });

  it("finds a size that is not whole blocks", () => {
    assert.deepEqual(validateBlocks("Q4_0", new Uint8Array(40)), { block: 2, name: "bytes", found: "4" });
    assert.equal(validateBlocks("no type", new Uint8Array(3)), undefined);
  });
});
