import assert from "node:assert/strict";
import { isLinearWeight, looksLinear } from "../../../src/core/export/linearLayers";

const matrix = (name: string) => ({ name, shape: [32, 32] });

describe("linear layers", () => {
  it("are the matrices of the blocks, whatever the family calls them", () => {
    for (const name of [
      "model.layers.0.self_attn.q_proj.weight",
      "layers.11.mlp.down_proj.weight",
      "model.layers.3.mlp.gate_proj.weight",
      "model.layers.3.mlp.experts.7.gate_proj.weight",
      "model.layers.3.block_sparse_moe.experts.0.w2.weight",
      "model.layers.3.self_attn.kv_a_proj_with_mqa.weight",
      "model.layers.3.mlp.c_fc.weight",
      "model.layers.3.mlp.shared_expert.up_proj.weight",
      "model.language_model.layers.3.self_attn.o_proj.weight",
      "language_model.model.layers.3.self_attn.o_proj.weight",
      "model.decoder.layers.0.fc1.weight",
      "model.decoder.layers.0.self_attn.out_proj.weight",
      "gpt_neox.layers.0.attention.query_key_value.weight",
    ])
      assert.ok(isLinearWeight(matrix(name)), name);
  });

  it("are not embeddings, outputs, norms, routers, nor what lies in other towers", () => {
    for (const name of [
      "model.embed_tokens.weight",
      "lm_head.weight",
      "model.layers.0.input_layernorm.weight",
      "model.layers.0.self_attn.q_norm.weight",
      "model.layers.0.mlp.gate.weight",
      "model.layers.0.block_sparse_moe.gate.weight",
      "model.layers.0.mlp.shared_expert_gate.weight",
      "model.layers.0.feed_forward.router.weight",
      "model.layers.0.self_attn.q_proj.bias",
      "vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight",
      "model.visual.layers.0.mlp.fc1.weight",
      "transformer.h.0.attn.c_attn.weight",
      "model.encoder.layers.0.fc1.weight",
    ])
      assert.ok(!isLinearWeight(matrix(name)), name);
    assert.ok(!isLinearWeight({ name: "model.layers.0.mlp.experts.gate_up_proj.weight", shape: [8, 32, 32] }));
  });

  it("tell loaders of what looks like one and stays: not of the ends, which they know", () => {
    const named = ["embed_out.weight", "model.layers.0.mlp.gate.weight", "vision_tower.encoder.layers.0.fc1.weight"];
    assert.ok(named.every((name) => looksLinear(matrix(name))));
    const known = ["lm_head.weight", "model.embed_tokens.weight", "model.norm.weight", "visual.pos_embed.weight"];
    assert.ok(!known.some((name) => looksLinear(matrix(name))));
    assert.ok(!looksLinear({ name: "model.layers.0.mlp.gate.weight", shape: [32] }));
  });
});
