import assert from "node:assert/strict";
import { attentionShape, cacheShape } from "../../../src/core/estimate/attentionShape";
import { shapesFromCheckpoint } from "../../../src/core/estimate/modelShapes";
import type { Checkpoint, MetadataEntry } from "../../../src/core/tensor/checkpoint";

describe("attention from GGUF keys", () => {
  const of = (architecture: string, keys: Record<string, number>): Checkpoint => {
    const metadata = Object.entries(keys).map(([key, value]): MetadataEntry => ({ key: `${architecture}.${key}`, type: "u32", value }));
    const none = { files: [], tensors: [], warnings: [], close: () => Promise.resolve() };
    return { format: "gguf" as const, name: "model", architecture, metadata, ...none };
  };
  const keys = { block_count: 8, embedding_length: 1024, "attention.head_count": 8, "attention.head_count_kv": 2 };

  it("has the windows that llama.cpp gives an architecture whatever the file says", async () => {
    const windows = async (architecture: string, more: Record<string, number> = {}) => {
      const { window } = await attentionShape(of(architecture, { ...keys, ...more }));
      return [0, 1, 2, 3].map(window);
    };
    assert.deepEqual(await windows("llama4"), [8192, 8192, 8192, undefined]);
    assert.deepEqual(await windows("llama4", { "attention.sliding_window": 0 }), [undefined, undefined, undefined, undefined]);
    for (const architecture of ["olmo2", "exaone4", "afmoe"]) {
      assert.deepEqual(await windows(architecture, { "attention.sliding_window": 4096 }), [4096, 4096, 4096, undefined]);
      assert.deepEqual(await windows(architecture), [undefined, undefined, undefined, undefined]);
    }
  });

  it("has heads of another width in layers with a window (Gemma 4)", async () => {
    const more = {
      "attention.key_length": 512,
      "attention.value_length": 512,
      "attention.key_length_swa": 256,
      "attention.value_length_swa": 256,
    };
    const model = of("gemma3", { ...keys, ...more, "attention.sliding_window": 512 });
    assert.deepEqual(cacheShape(await attentionShape(model), [])?.groups, [
      { layers: 7, heads: 2, keyDim: 256, valueDim: 256, window: 512 },
      { layers: 1, heads: 2, keyDim: 512, valueDim: 512 },
    ]);
  });

  it("keeps nothing in an encoder, and does not know of T5 and RWKV", async () => {
    assert.deepEqual((await shapesFromCheckpoint(of("nomic-bert", keys))).cache, { kind: "heads", groups: [] });
    for (const [architecture, why] of [
      ["t5", "encoderDecoder"],
      ["rwkv6", "state"],
    ] as const) {
      const { cache, cacheUnknown } = await shapesFromCheckpoint(of(architecture, keys));
      assert.deepEqual([cache, cacheUnknown], [undefined, why]);
    }
  });
});
