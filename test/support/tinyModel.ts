import { openFiles } from "./openBytes";
import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { normal, randomFrom } from "./distributions";
import { type WrittenTensor, writeSafetensors } from "./safetensorsWriter";

const hidden = 32;
const vocabulary = 40;
const config = {
  model_type: "llama",
  architectures: ["LlamaForCausalLM"],
  hidden_size: hidden,
  intermediate_size: 64,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: vocabulary,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: false,
  hidden_act: "silu",
};

/** A Llama of two layers with seeded weights, float32, as a Hugging Face folder in memory. */
export function tinyModel(): Promise<Checkpoint> {
  const random = randomFrom(11);
  const tensor = (name: string, shape: number[], deviation = 0.3, centre = 0): WrittenTensor => {
    const values = Float32Array.from(
      { length: shape.reduce((product, size) => product * size, 1) },
      () => centre + deviation * normal(random),
    );
    return { name, dtype: "F32", shape, bytes: new Uint8Array(values.buffer) };
  };
  const layer = (number: number): WrittenTensor[] => {
    const prefix = `model.layers.${number}.`;
    return [
      tensor(`${prefix}input_layernorm.weight`, [hidden], 0.2, 1),
      tensor(`${prefix}self_attn.q_proj.weight`, [hidden, hidden]),
      tensor(`${prefix}self_attn.k_proj.weight`, [hidden / 2, hidden]),
      tensor(`${prefix}self_attn.v_proj.weight`, [hidden / 2, hidden]),
      tensor(`${prefix}self_attn.o_proj.weight`, [hidden, hidden]),
      tensor(`${prefix}post_attention_layernorm.weight`, [hidden], 0.2, 1),
      tensor(`${prefix}mlp.gate_proj.weight`, [64, hidden]),
      tensor(`${prefix}mlp.up_proj.weight`, [64, hidden]),
      tensor(`${prefix}mlp.down_proj.weight`, [hidden, 64]),
    ];
  };
  const tensors = [
    tensor("model.embed_tokens.weight", [vocabulary, hidden], 1),
    ...layer(0),
    ...layer(1),
    tensor("model.norm.weight", [hidden], 0.2, 1),
    tensor("lm_head.weight", [vocabulary, hidden]),
  ];
  return openFiles({ "model.safetensors": writeSafetensors(tensors), "config.json": JSON.stringify(config) }, "model.safetensors");
}
