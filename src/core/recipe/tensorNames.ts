/** Names of a transformer layer's parts: Hugging Face's, GGUF's. Source: llama.cpp `gguf-py/gguf/tensor_mapping.py`. */
const layerParts: readonly (readonly [string, string])[] = [
  ["input_layernorm", "attn_norm"],
  ["self_attn.q_proj", "attn_q"],
  ["self_attn.k_proj", "attn_k"],
  ["self_attn.v_proj", "attn_v"],
  ["self_attn.o_proj", "attn_output"],
  ["self_attn.q_norm", "attn_q_norm"],
  ["self_attn.k_norm", "attn_k_norm"],
  ["self_attn.qkv_proj", "attn_qkv"],
  ["post_attention_layernorm", "ffn_norm"],
  ["mlp.gate_proj", "ffn_gate"],
  ["mlp.up_proj", "ffn_up"],
  ["mlp.down_proj", "ffn_down"],
  ["mlp.gate_up_proj", "ffn_up"],
  ["mlp.gate", "ffn_gate_inp"],
  ["mlp.shared_expert_gate", "ffn_gate_inp_shexp"],
  ["mlp.shared_expert.gate_proj", "ffn_gate_shexp"],
  ["mlp.shared_expert.up_proj", "ffn_up_shexp"],
  ["mlp.shared_expert.down_proj", "ffn_down_shexp"],
  ["block_sparse_moe.gate", "ffn_gate_inp"],
  ["pre_feedforward_layernorm", "ffn_norm"],
  ["post_feedforward_layernorm", "post_ffw_norm"],
];

const outsideLayers: readonly (readonly [string, string])[] = [
  ["embed_tokens", "token_embd"],
  ["norm", "output_norm"],
  ["lm_head", "output"],
];

const expertParts: Readonly<Record<string, string>> = {
  w1: "ffn_gate_exps",
  w2: "ffn_down_exps",
  w3: "ffn_up_exps",
  gate_proj: "ffn_gate_exps",
  down_proj: "ffn_down_exps",
  up_proj: "ffn_up_exps",
};

const toGguf = new Map([...layerParts, ...outsideLayers]);
const outsideToHf = new Map(outsideLayers.map(([hf, gguf]) => [gguf, hf]));

const prefix = /^(?:model\.language_model\.|language_model\.model\.|language_model\.|model\.)?/;
const layerName = /^layers\.(\d+)\.(.+)\.(weight|bias)$/;
const expertName = /^(?:mlp|block_sparse_moe)\.experts\.(\d+)\.(\w+)$/;

/** Families whose `post_attention_layernorm` really follows the attention: the norm before the MLP has a name of its own. */
const sandwichNorms = new Set(["gemma2", "gemma3", "gemma3_text", "olmo2"]);

/**
 * The GGUF name of a Hugging Face llama-family tensor, or undefined for one this family does not have. All experts of a
 * layer share the name of the stacked tensor they become part of.
 *
 * @param architecture `model_type` of config.json
 */
export function ggufName(name: string, architecture?: string): string | undefined {
  const bare = name.replace(prefix, "");
  const inLayer = layerName.exec(bare);
  if (!inLayer) {
    const outside = /^(\w+)\.(weight|bias)$/.exec(bare);
    const part = outside && toGguf.get(outside[1]!);
    return part ? `${part}.${outside[2]!}` : undefined;
  }
  const [, layer, part, kind] = inLayer as unknown as [string, string, string, string];
  const expert = expertName.exec(part);
  const sandwich = part === "post_attention_layernorm" && sandwichNorms.has(architecture ?? "");
  const ggufPart = expert ? expertParts[expert[2]!] : sandwich ? "post_attention_norm" : toGguf.get(part);
  return ggufPart ? `blk.${layer}.${ggufPart}.${kind}` : undefined;
}

/** The Phi-3 family's name where others have another matrix. */
const fused = ["mlp.gate_up_proj", "ffn_up"] as const;

/**
 * The Hugging Face name of a GGUF tensor, or undefined. Stacked experts have no single name. Where two Hugging Face names share one
 * GGUF name, the first in the list is the llama family's.
 *
 * @param architecture `general.architecture`
 */
export function huggingFaceName(name: string, architecture?: string): string | undefined {
  const inLayer = /^blk\.(\d+)\.(\w+)\.(weight|bias)$/.exec(name);
  if (inLayer) {
    const [, layer, gguf, kind] = inLayer as unknown as [string, string, string, string];
    const candidates = architecture === "phi3" && gguf === fused[1] ? [fused] : layerParts;
    return candidates.map(([hf]) => `model.layers.${layer}.${hf}.${kind}`).find((hf) => ggufName(hf, architecture) === name);
  }
  const outside = /^(\w+)\.(weight|bias)$/.exec(name);
  const part = outside && outsideToHf.get(outside[1]!);
  if (!part) return undefined;
  return part === "lm_head" ? `lm_head.${outside[2]!}` : `model.${part}.${outside[2]!}`;
}
