import assert from "node:assert/strict";
import { ggufName, huggingFaceName } from "../../../src/core/recipe/tensorNames";

const pairs: [string, string][] = [
  ["model.embed_tokens.weight", "token_embd.weight"],
  ["model.norm.weight", "output_norm.weight"],
  ["lm_head.weight", "output.weight"],
  ["model.layers.0.input_layernorm.weight", "blk.0.attn_norm.weight"],
  ["model.layers.17.self_attn.q_proj.weight", "blk.17.attn_q.weight"],
  ["model.layers.3.self_attn.k_proj.bias", "blk.3.attn_k.bias"],
  ["model.layers.3.self_attn.v_proj.weight", "blk.3.attn_v.weight"],
  ["model.layers.3.self_attn.o_proj.weight", "blk.3.attn_output.weight"],
  ["model.layers.3.self_attn.q_norm.weight", "blk.3.attn_q_norm.weight"],
  ["model.layers.3.post_attention_layernorm.weight", "blk.3.ffn_norm.weight"],
  ["model.layers.3.mlp.gate_proj.weight", "blk.3.ffn_gate.weight"],
  ["model.layers.3.mlp.up_proj.weight", "blk.3.ffn_up.weight"],
  ["model.layers.3.mlp.down_proj.weight", "blk.3.ffn_down.weight"],
];

describe("tensor names", () => {
  it("translate between Hugging Face and GGUF in both directions", () => {
    for (const [hf, gguf] of pairs) {
      assert.equal(ggufName(hf), gguf);
      assert.equal(huggingFaceName(gguf), hf);
    }
  });

  it("find the language model inside a larger one", () => {
    assert.equal(ggufName("model.language_model.layers.2.self_attn.q_proj.weight"), "blk.2.attn_q.weight");
    assert.equal(ggufName("language_model.model.embed_tokens.weight"), "token_embd.weight");
    assert.equal(ggufName("language_model.lm_head.weight"), "output.weight");
  });

  it("leave other models and other encoders alone", () => {
    for (const name of [
      "transformer.h.0.attn.c_attn.weight",
      "vision_tower.encoder.layers.0.self_attn.q_proj.weight",
      "model.layers.0.mlp.fc1.weight",
      "x",
    ]) {
      assert.equal(ggufName(name), undefined, name);
    }
    assert.equal(huggingFaceName("blk.0.ssm_in.weight"), undefined);
    assert.equal(huggingFaceName("blk.0.ffn_down_exps.weight"), undefined);
  });

  it("give all experts of a layer the name of their stacked tensor", () => {
    assert.equal(ggufName("model.layers.1.block_sparse_moe.experts.7.w2.weight"), "blk.1.ffn_down_exps.weight");
    assert.equal(ggufName("model.layers.1.mlp.experts.63.gate_proj.weight"), "blk.1.ffn_gate_exps.weight");
    assert.equal(ggufName("model.layers.1.mlp.experts.63.other.weight"), undefined);
    assert.equal(ggufName("model.layers.1.block_sparse_moe.gate.weight"), "blk.1.ffn_gate_inp.weight");
  });

  it("know that Gemma's norm after the attention is not the one before the MLP", () => {
    const name = "model.layers.1.post_attention_layernorm.weight";
    assert.equal(ggufName(name, "gemma2"), "blk.1.post_attention_norm.weight");
    assert.equal(ggufName("model.layers.1.pre_feedforward_layernorm.weight", "gemma2"), "blk.1.ffn_norm.weight");
  });
});
