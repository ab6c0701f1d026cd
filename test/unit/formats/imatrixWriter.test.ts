import assert from "node:assert/strict";
import { datBytes, imatrixGgufBytes } from "../../../src/core/formats/imatrix/writer";
import { loadImportance } from "../../../src/jobs/importanceMatrix";
import { datTail, writeDat } from "../../support/imatrixWriter";
import { openBytes } from "../../support/openBytes";

const file = {
  entries: [
    { name: "blk.1.attn_q.weight", squares: Float64Array.of(80, 0), rows: 40 },
    { name: "blk.0.ffn_down.weight", squares: Float64Array.of(1, 2, 3), rows: 40 },
  ],
  chunks: 2,
  chunkTokens: 16,
  dataset: "text.txt",
};

describe("importance matrices that are written", () => {
  it("of the older kind are in the order and with the counts of llama.cpp", () => {
    // 40 tokens are 3 begun chunks: every value is a mean times 3.
    const expected = writeDat(
      [
        { name: "blk.0.ffn_down.weight", calls: 3, values: [1, 2, 3].map((sum) => Math.fround(sum / 40) * 3) },
        { name: "blk.1.attn_q.weight", calls: 3, values: [6, 0] },
      ],
      { tail: datTail(2, "text.txt") },
    );
    assert.deepEqual(datBytes(file), expected);
  });

  it("of both kinds are read as what they are", async () => {
    for (const [name, bytes] of [
      ["imatrix.dat", datBytes(file)],
      ["imatrix.gguf", imatrixGgufBytes(file)],
    ] as const) {
      const matrix = await loadImportance(await openBytes(bytes, name));
      assert.deepEqual([matrix.entries, matrix.chunks, matrix.dataset], [2, 2, "text.txt"]);
      assert.deepEqual(matrix.byGgufName("blk.1.attn_q.weight"), Float32Array.of(2, 0));
      assert.deepEqual(matrix.byGgufName("blk.0.ffn_down.weight"), Float32Array.of(1 / 40, 2 / 40, 3 / 40));
    }
  });

  it("as GGUF have llama.cpp's keys and tensors", async () => {
    const { metadata, stored } = await openBytes(imatrixGgufBytes(file), "imatrix.gguf");
    assert.deepEqual(await Promise.all(metadata.map(async ({ key, type, value, read }) => [key, type, value ?? (await read!(0, 9))])), [
      ["general.type", "string", "imatrix"],
      ["imatrix.datasets", "array<string>", ["text.txt"]],
      ["imatrix.chunk_count", "u32", 2],
      ["imatrix.chunk_size", "u32", 16],
    ]);
    assert.deepEqual(
      stored!.map(({ name, dtype, shape }) => [name, dtype, shape]),
      [
        ["blk.0.ffn_down.weight.in_sum2", "F32", [3]],
        ["blk.0.ffn_down.weight.counts", "F32", [1]],
        ["blk.1.attn_q.weight.in_sum2", "F32", [2]],
        ["blk.1.attn_q.weight.counts", "F32", [1]],
      ],
    );
  });
});
