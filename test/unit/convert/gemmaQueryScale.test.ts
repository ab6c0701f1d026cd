import assert from "node:assert/strict";
import { ConfigReader } from "../../../src/core/convert/config";
import { gemma2 } from "../../../src/core/convert/gemma2";
import { gemma3 } from "../../../src/core/convert/gemma3";

describe("Gemma's scale of queries", () => {
  const shape = { hidden_size: 640, num_attention_heads: 4, head_dim: 128 };
  for (const [family, largest] of [
    [gemma2, 46],
    [gemma3, 62],
  ] as const) {
    it(`${family.id}: is said where llama.cpp has another`, () => {
      const notes = (layers: number, scalar: number) =>
        family.notes!(new ConfigReader({ ...shape, num_hidden_layers: layers, query_pre_attn_scalar: scalar }));
      assert.deepEqual([notes(26, 128), notes(largest, 160)], [[], []]);
      const [note] = notes(26, 256);
      assert.equal(note, "llama.cpp divides queries by the root of 128, this model by that of 256: it answers differently");
      assert.equal(notes(largest, 128).length, 1);
    });
  }
});
