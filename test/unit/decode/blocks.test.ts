import assert from "node:assert/strict";
import { blockCodes, hasBlockCodes } from "../../../src/core/decode/codes";
import { findDecoder } from "../../../src/core/decode/decoder";
import { blockFormats } from "../../../src/core/decode/ggml/formats";
import { inspectBlock } from "../../../src/core/decode/inspectBlock";
import { findDType } from "../../../src/core/tensor/dtype";
import { bitsOf, blockTypes, latticeFiles, vectorBytes, vectorValues } from "../quant/ggmlFixtures";

const files = [...blockTypes, ...latticeFiles].map((file) => ({ file, dtype: file.replace("_imatrix", "").toUpperCase() }));

/** Codes that ggml's quantizers never write: 2 where values are trits, the other zero of E2M1. */
const neverUsed: Readonly<Record<string, number[]>> = { TQ2_0: [3], Q2_0: [3], MXFP4: [8], NVFP4: [8] };

describe("ggml block decoding", () => {
  for (const { file, dtype } of files) {
    it(`${dtype}: values bit-equal to the library's`, () => {
      const expected = vectorValues(file);
      const values = new Float32Array(expected.length);
      findDecoder(dtype)!.decode(vectorBytes(file), values);
      assert.deepEqual(bitsOf(values), bitsOf(expected));
    });

    it(`${dtype}: a block taken apart explains its own values`, () => {
      const type = findDType(dtype)!;
      const bytes = vectorBytes(file);
      const expected = vectorValues(file);
      for (let block = 0; block * type.blockBytes < bytes.length; block++) {
        const part = bytes.subarray(block * type.blockBytes, (block + 1) * type.blockBytes);
        const parts = inspectBlock(dtype, part)!;
        assert.deepEqual(parts.values, Array.from(expected.subarray(block * type.blockSize, (block + 1) * type.blockSize)));
        const level = (code: number): number => parts.levels?.[code] ?? code;
        const explained = parts.subBlocks.flatMap(({ scale, offset, codes }) => codes.map((code) => scale * level(code) + offset));
        const largest = Math.max(...parts.values.map(Math.abs));
        parts.values.forEach((value, i) => assert.ok(Math.abs(value - explained[i]!) <= 1e-6 * largest, `${value} ${explained[i]!}`));
      }
    });

    it(`${dtype}: codes stay in range, fill it, and agree with the sub-blocks`, () => {
      const bytes = vectorBytes(file);
      const codes = blockCodes(dtype, bytes);
      const parts = inspectBlock(dtype, bytes)!;
      assert.equal(codes.length, 4096);
      assert.deepEqual(
        parts.subBlocks.flatMap((sub) => sub.codes),
        Array.from(codes.subarray(0, findDType(dtype)!.blockSize)),
      );
      const used = new Set(codes);
      assert.ok([...used].every((code) => code >= parts.minCode && code <= parts.maxCode));
      const unused = Array.from({ length: parts.maxCode - parts.minCode + 1 }, (_, i) => parts.minCode + i).filter(
        (code) => !used.has(code),
      );
      // 8-bit codes are too many for every one to occur; −128 never does.
      if (parts.maxCode === 127) assert.ok(used.has(-127) && used.has(127) && !used.has(-128));
      else assert.deepEqual(unused, neverUsed[dtype] ?? []);
      if (parts.levels) assert.equal(parts.levels.length, parts.maxCode + 1);
    });
  }

  it("describes every byte of every block", () => {
    for (const { id, size, bytes, subBlock, fields } of blockFormats) {
      const type = findDType(id)!;
      assert.deepEqual([type.blockSize, type.blockBytes], [size, bytes], id);
      assert.equal(
        fields.reduce((sum, field) => sum + field.bytes, 0),
        bytes,
        id,
      );
      assert.equal(size % subBlock, 0);
    }
  });

  it("takes a hand-made Q4_K block apart", () => {
    const block = new Uint8Array(144);
    block.set([0x00, 0x3c, 0x00, 0x38]); // d = 1, dmin = 0.5
    block[4] = 3 | (2 << 6); // sub-block 0: scale 3; top bits of scale 4: 2
    block[8] = 4 | (1 << 6); // sub-block 0: min 4; top bits of min 4: 1
    block[12] = 5 | (6 << 4); // low bits of scale 4: 5, of min 4: 6
    block[16] = 0xf7; // values 0 (code 7) and 32 (code 15)
    const parts = inspectBlock("Q4_K", block)!;
    assert.deepEqual(parts.scalars, [
      { name: "d", value: 1 },
      { name: "dmin", value: 0.5 },
    ]);
    assert.deepEqual(
      parts.subBlocks.map(({ start, count, scale, offset }) => [start, count, scale, offset]).filter((_, j) => j === 0 || j === 4),
      [
        [0, 32, 3, -2],
        [128, 32, 2 * 16 + 5, -(16 + 6) / 2],
      ],
    );
    assert.equal(parts.values[0], 3 * 7 - 2);
    assert.equal(parts.subBlocks[1]!.codes[0], 15);
  });

  it("knows nothing of other types and of blocks cut short", () => {
    assert.equal(inspectBlock("F32", new Uint8Array(4)), undefined);
    assert.equal(inspectBlock("Q4_0", new Uint8Array(17)), undefined);
    assert.ok(!hasBlockCodes("I8") && !hasBlockCodes("BF16") && hasBlockCodes("Q6_K") && hasBlockCodes("IQ1_S"));
    assert.throws(() => blockCodes("BF16", new Uint8Array(4)), RangeError);
    assert.equal(blockCodes("Q4_0", new Uint8Array(35)).length, 32);
  });
});
