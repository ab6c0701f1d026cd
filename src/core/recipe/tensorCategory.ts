/** What a weight matrix does in the model, as far as the recipe distinguishes. */
export type TensorCategory = "output" | "embedding" | "value" | "key" | "query" | "attentionOutput" | "up" | "gate" | "down" | "other";

/** The first matching part of the name decides. Fused query-key-value matrices follow the rules of the value matrix. */
const parts: readonly (readonly [string, TensorCategory])[] = [
  ["attn_qkv", "value"],
  ["attn_kv_b", "value"],
  ["attn_v", "value"],
  ["attn_k", "key"],
  ["attn_q", "query"],
  ["attn_output", "attentionOutput"],
  ["ffn_up", "up"],
  ["ffn_gate", "gate"],
  ["ffn_down", "down"],
];

/** Category of a tensor by its GGUF name. */
export function tensorCategory(name: string): TensorCategory {
  if (name === "output.weight") return "output";
  if (name === "token_embd.weight" || name === "per_layer_token_embd.weight") return "embedding";
  return parts.find(([part]) => name.includes(part))?.[1] ?? "other";
}

/** Parts of the names of matrices that llama-quantize never touches: norms, routers, positions, convolutions, encoders. */
const keptParts = [
  "_norm.weight",
  "ffn_gate_inp.weight",
  "ffn_gate_tid2eid.weight",
  "altup",
  "laurel",
  "per_layer_model_proj",
  "pos_embd",
  "token_types",
  "ssm_conv1d",
  "shortconv.conv.weight",
  "indexer.k_proj.weight",
  "indexer.q_proj.weight",
  "time_mix_first.weight",
  "time_mix_w0.weight",
  "time_mix_w1.weight",
  "time_mix_w2.weight",
  "time_mix_v0.weight",
  "time_mix_v1.weight",
  "time_mix_v2.weight",
  "time_mix_a0.weight",
  "time_mix_a1.weight",
  "time_mix_a2.weight",
  "time_mix_g1.weight",
  "time_mix_g2.weight",
  "time_mix_decay_w1.weight",
  "time_mix_decay_w2.weight",
  "time_mix_lerp_fused.weight",
  "attn_rel_b.weight",
  ".position_embd",
  "sam.",
  ".rel_pos",
  ".patch_embd",
  ".patch_merger",
  "a.rvq.codebook",
  "mm.a.code_embd",
] as const;

/** True for matrices that multiply activations, by name and shape: what llama-quantize considers at all. */
export function isWeightMatrix(name: string, shape: readonly number[]): boolean {
  return shape.length >= 2 && name.endsWith("weight") && !keptParts.some((part) => name.includes(part));
}

/** Layer number of `blk.N.…`, −1 for tensors outside the layers. */
export function layerOf(name: string): number {
  const match = /^blk\.(\d+)\./.exec(name);
  return match ? Number(match[1]) : -1;
}
