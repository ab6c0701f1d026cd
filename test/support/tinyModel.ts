import type { Checkpoint } from "../../src/core/tensor/checkpoint";
import { normal, randomFrom } from "./distributions";
import { openFiles } from "./openBytes";
import { type WrittenTensor, writeSafetensors } from "./safetensorsWriter";

/** Shapes of {@link tinyModel}; small, and no two dimensions alike. */
export const tiny = { hidden: 16, feedForward: 24, heads: 4, keyValueHeads: 2, headDim: 6, vocabulary: 40, layers: 2, context: 32 };

export const tinyConfig = {
  architectures: ["LlamaForCausalLM"],
  model_type: "llama",
  hidden_size: tiny.hidden,
  intermediate_size: tiny.feedForward,
  num_attention_heads: tiny.heads,
  num_key_value_heads: tiny.keyValueHeads,
  head_dim: tiny.headDim,
  num_hidden_layers: tiny.layers,
  max_position_embeddings: tiny.context,
  rms_norm_eps: 1e-5,
  hidden_act: "silu",
  tie_word_embeddings: false,
};

/** Random float32 tensors of a Llama of that shape, by the names of Hugging Face. */
export function tinyTensors(): WrittenTensor[] {
  const random = randomFrom(7);
  const tensor = (name: string, ...shape: number[]): WrittenTensor => {
    const count = shape.reduce((product, length) => product * length, 1);
    const values = Float32Array.from({ length: count }, () => (shape.length === 1 ? 1 : 0) + 0.2 * normal(random));
    return { name, dtype: "F32", shape, bytes: new Uint8Array(values.buffer) };
  };
  const { hidden, feedForward, heads, keyValueHeads, headDim, vocabulary } = tiny;
  const layers = Array.from({ length: tiny.layers }, (_, i) => [
    tensor(`model.layers.${i}.input_layernorm.weight`, hidden),
    tensor(`model.layers.${i}.self_attn.q_proj.weight`, heads * headDim, hidden),
    tensor(`model.layers.${i}.self_attn.k_proj.weight`, keyValueHeads * headDim, hidden),
    tensor(`model.layers.${i}.self_attn.v_proj.weight`, keyValueHeads * headDim, hidden),
    tensor(`model.layers.${i}.self_attn.o_proj.weight`, hidden, heads * headDim),
    tensor(`model.layers.${i}.post_attention_layernorm.weight`, hidden),
    tensor(`model.layers.${i}.mlp.gate_proj.weight`, feedForward, hidden),
    tensor(`model.layers.${i}.mlp.up_proj.weight`, feedForward, hidden),
    tensor(`model.layers.${i}.mlp.down_proj.weight`, hidden, feedForward),
  ]);
  return [
    tensor("model.embed_tokens.weight", vocabulary, hidden),
    ...layers.flat(),
    tensor("model.norm.weight", hidden),
    tensor("lm_head.weight", vocabulary, hidden),
  ];
}

/** A Llama in memory, which workers read through shared memory. */
export function tinyModel(config: object = tinyConfig, tensors: readonly WrittenTensor[] = tinyTensors()): Promise<Checkpoint> {
  return openFiles({ "model.safetensors": writeSafetensors(tensors), "config.json": JSON.stringify(config) });
}
