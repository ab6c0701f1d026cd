import assert from "node:assert/strict";
import { modelPart, type ModelPart } from "../../../src/core/tensor/modelPart";
import { openPath } from "../../../src/io/openPath";
import { countValues } from "../../../src/core/tensor/tensorInfo";
import { sharedOrSkip } from "../../support/shared";

const expected: Readonly<Record<ModelPart, readonly string[]>> = {
  embeddings: [
    "model.embed_tokens.weight",
    "transformer.wte.weight",
    "transformer.wpe.weight",
    "wte.weight",
    "token_embd.weight",
    "position_embd.weight",
    "token_types.weight",
    "tok_embeddings.weight",
    "gpt_neox.embed_in.weight",
    "bert.embeddings.word_embeddings.weight",
    "embeddings.position_embeddings.weight",
    "shared.weight",
    "vision_tower.vision_model.embeddings.patch_embedding.weight",
    "v.patch_embd.weight",
    "model.language_model.embed_tokens_per_layer.weight",
  ],
  attention: [
    "model.layers.0.self_attn.q_proj.weight",
    "model.layers.31.self_attn.o_proj.bias",
    "model.layers.0.self_attn.qkv_proj.weight",
    "model.layers.0.self_attn.kv_a_proj_with_mqa.weight",
    "model.layers.0.self_attn.q_proj.qweight",
    "base_model.model.model.layers.0.self_attn.v_proj.lora_A.weight",
    "transformer.h.0.attn.c_attn.weight",
    "h.11.attn.c_proj.bias",
    "blk.0.attn_q.weight",
    "blk.0.attn_output.weight",
    "blk.0.attn_qkv.bias",
    "blk.0.attn_kv_a_mqa.weight",
    "layers.0.attention.wq.weight",
    "gpt_neox.layers.0.attention.query_key_value.weight",
    "gpt_neox.layers.0.attention.dense.weight",
    "bert.encoder.layer.0.attention.self.query.weight",
    "bert.encoder.layer.0.attention.output.dense.weight",
    "encoder.block.0.layer.0.SelfAttention.q.weight",
    "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight",
    "transformer.blocks.0.attn.Wqkv.weight",
  ],
  mlp: [
    "model.layers.0.mlp.gate_proj.weight",
    "model.layers.0.mlp.gate_up_proj.weight",
    "model.layers.0.block_sparse_moe.experts.3.w1.weight",
    "model.layers.0.block_sparse_moe.gate.weight",
    "model.layers.0.mlp.experts.5.down_proj.weight",
    "model.layers.0.mlp.shared_experts.up_proj.weight",
    "transformer.h.0.mlp.c_fc.weight",
    "blk.0.ffn_down.weight",
    "blk.0.ffn_gate_exps.weight",
    "blk.0.ffn_gate_inp.weight",
    "layers.0.feed_forward.w2.weight",
    "gpt_neox.layers.0.mlp.dense_h_to_4h.weight",
    "bert.encoder.layer.0.intermediate.dense.weight",
    "bert.encoder.layer.0.output.dense.weight",
    "encoder.block.0.layer.1.DenseReluDense.wi_0.weight",
    "model.decoder.layers.0.fc1.weight",
    "encoder.layers.0.linear1.weight",
    "fc1.weight",
  ],
  output: ["lm_head.weight", "model.lm_head.weight", "output.weight", "embed_out.weight", "score.weight", "classifier.weight", "cls.predictions.decoder.weight", "qa_outputs.bias"], // prettier-ignore
  norms: [
    "model.norm.weight",
    "model.layers.0.input_layernorm.weight",
    "model.layers.0.post_attention_layernorm.weight",
    "model.layers.0.pre_feedforward_layernorm.weight",
    "model.layers.0.self_attn.q_norm.weight",
    "transformer.h.0.ln_1.weight",
    "transformer.ln_f.bias",
    "blk.0.attn_norm.weight",
    "blk.0.ffn_norm.weight",
    "blk.0.attn_q_norm.weight",
    "blk.0.post_attention_norm.weight",
    "output_norm.weight",
    "token_embd_norm.weight",
    "bert.embeddings.LayerNorm.weight",
    "bert.encoder.layer.0.attention.output.LayerNorm.gamma",
    "encoder.block.0.layer.0.layer_norm.weight",
    "layers.0.attention_norm.weight",
    "norm1.num_batches_tracked",
    "layer1.0.bn2.running_mean",
  ],
  other: [
    "rope_freqs.weight",
    "conv1.weight",
    "blk.0.ssm_a",
    "transformer_blocks.0.norm1.linear.weight",
    "bert.pooler.dense.weight",
    "",
    "x",
  ],
};

describe("model part of a tensor", () => {
  for (const [part, names] of Object.entries(expected)) {
    it(`${part}`, () => {
      for (const name of names) assert.equal(modelPart(name), part, name);
    });
  }

  it("leaves nothing of 17 language models unexplained, and gives each its parts", async function () {
    const folders = ["deepseek_v2", "gemma2", "gemma3", "gpt2", "granite", "llama", "llama3", "mistral", "mixtral", "olmo2", "phi3", "qwen2", "qwen3", "qwen3_moe", "smollm", "smollm3", "starcoder2"]; // prettier-ignore
    for (const folder of folders) {
      const checkpoint = await openPath(sharedOrSkip(this, `fixtures/architectures/${folder}`));
      const parts = new Map<ModelPart, number>();
      for (const tensor of checkpoint.tensors) {
        const part = modelPart(tensor.name);
        parts.set(part, (parts.get(part) ?? 0) + countValues(tensor.shape));
      }
      assert.equal(parts.get("other"), undefined, folder);
      for (const part of ["embeddings", "attention", "mlp", "norms"] as const) assert.ok(parts.get(part), `${folder}: ${part}`);
      assert.ok(parts.get("norms")! < 0.01 * parts.get("mlp")!, folder);
      await checkpoint.close();
    }
  });

  it("divides a model alike under Hugging Face's names and GGUF's", async function () {
    const sums = async (path: string): Promise<Record<string, number>> => {
      const checkpoint = await openPath(path);
      const parts: Record<string, number> = {};
      for (const tensor of checkpoint.tensors) {
        const part = modelPart(tensor.name);
        parts[part] = (parts[part] ?? 0) + countValues(tensor.shape);
      }
      await checkpoint.close();
      return parts;
    };
    assert.deepEqual(await sums(sharedOrSkip(this, "sample/hf")), await sums(sharedOrSkip(this, "sample/gguf/model-f16.gguf")));
  });
});
