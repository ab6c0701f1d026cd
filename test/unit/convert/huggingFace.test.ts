import assert from "node:assert/strict";
import { openModel } from "../../../src/core/convert/openModel";
import type { SourceModel } from "../../../src/core/convert/sourceModel";
import { FormatError, UsageError } from "../../../src/core/errors";
import { openCheckpoint } from "../../../src/core/formats/open";
import { MemoryFolder } from "../../../src/io/memoryFile";
import { type WrittenTensor, writeSafetensors } from "../../support/safetensorsWriter";

const config = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  hidden_size: 8,
  intermediate_size: 16,
  num_attention_heads: 2,
  num_hidden_layers: 1,
  max_position_embeddings: 64,
};

const tensor = (name: string, ...shape: number[]): WrittenTensor => {
  return { name, dtype: "F32", shape, bytes: new Uint8Array(4 * shape.reduce((product, dimension) => product * dimension, 1)) };
};
const embedding = tensor("model.embed_tokens.weight", 4, 8);

async function convert(tensors: WrittenTensor[], change: Record<string, unknown> = {}): Promise<SourceModel> {
  const folder = new MemoryFolder("model", [
    ["model.safetensors", writeSafetensors(tensors)],
    ["config.json", new TextEncoder().encode(JSON.stringify({ ...config, ...change }))],
  ]);
  return openModel(await openCheckpoint(folder, "model.safetensors"), folder);
}

function refused(promise: Promise<unknown>, code: string): Promise<void> {
  return assert.rejects(promise, (error) => (error instanceof FormatError || error instanceof UsageError) && error.code === code);
}

describe("a Hugging Face checkpoint on its way to GGUF", () => {
  it("has GGUF's names, in the order of llama.cpp, without what runtimes compute", async () => {
    const { tensors } = await convert([
      tensor("model.layers.0.self_attn.q_proj.weight", 8, 8),
      tensor("model.layers.0.self_attn.rotary_emb.inv_freq", 2),
      tensor("model.norm.weight", 8),
      embedding,
    ]);
    assert.deepEqual(
      tensors.map(({ name }) => name),
      ["output_norm.weight", "token_embd.weight", "blk.0.attn_q.weight"],
    );
  });

  it("names the tensor that has no place", () => refused(convert([embedding, tensor("score.weight", 2, 8)]), "convert.unknown-tensor"));

  it("names the class it does not know", () => refused(convert([embedding], { architectures: ["Other"] }), "unknown-architecture"));

  it("refuses configurations that do not fit the weights, or nothing at all", async () => {
    const query = tensor("model.layers.0.self_attn.q_proj.weight", 6, 8);
    await refused(convert([embedding, query]), "config.bad-heads");
    await refused(convert([embedding], { head_dim: 1e12 }), "config.bad-heads");
    await refused(convert([embedding], { head_dim: 3 }), "config.bad-heads");
    await refused(convert([embedding], { hidden_size: "8" }), "config.missing-key");
    await refused(convert([embedding], { num_hidden_layers: 0.5 }), "config.missing-key");
    await refused(convert([embedding], { num_key_value_heads: -1 }), "config.missing-key");
    await refused(convert([embedding], { rope_scaling: { rope_type: "other", factor: 2 } }), "unknown-rope");
    await refused(convert([tensor("model.embed_tokens.weight", 5_000_000, 0)]), "convert.too-many-tokens");
  });

  it("says what llama.cpp will do otherwise", async () => {
    const { notes } = await convert([embedding], { sliding_window: 16 });
    assert.ok(notes.some((note) => note.includes("16 tokens")));
    assert.ok(notes.some((note) => note.includes("no tokenizer")));
  });
});
