/** What part of a model a tensor belongs to, in the order of the composition bar. */
export type ModelPart = "embeddings" | "attention" | "mlp" | "output" | "norms" | "other";

/** Projections inside a norm module (adaptive norms of diffusion models) are large weights, not norms. */
const projectionInNorm = /norm[^./]*[./](?:linear|proj)/;

/**
 * Patterns over the lower-case name, tried in this order: norms first since they are named after what they normalize
 * (`post_attention_layernorm`, `output_norm`), heads before embeddings for `embed_out`.
 */
const patterns: readonly (readonly [ModelPart, RegExp])[] = [
  // input_layernorm, model.norm, q_norm, attn_norm, ln_1, ln_f, LayerNorm, bn1
  ["norms", /(?:^|[._/])(?:[a-z]*norms?\d*|ln\d*|bn\d*)(?:[._/]|$)/],
  // lm_head, GGUF's output, embed_out of GPT-NeoX, heads of classifiers, cls.predictions of BERT
  [
    "output",
    /(?:^|[./])(?:[a-z]*_?lm_head|head|output_layer|embed_out|score|classifier|qa_outputs|output_projection|cls|final_logits_bias)(?:[./]|$)/,
  ],
  ["output", /^output(?:[./]|$)/],
  // embed_tokens, wte, wpe, token_embd, tok_embeddings, word_embeddings, patch_embed, shared of T5, token_types of GGUF's BERT
  ["embeddings", /embed|embd|(?:^|[./])(?:wte|wpe|shared|cls_token|token_types)(?:[./]|$)/],
  // self_attn, attention, c_attn, attn_q, attn1 of diffusion models, and projections that stand alone
  ["attention", /attn|attention|(?:^|[./])(?:[qkvo]_proj|qkv|qkv_proj|query_key_value|w[qkvo]|wqkv|query|key|value)(?:[./]|$)/],
  // mlp, ffn_up, feed_forward, experts, block_sparse_moe, DenseReluDense of T5, intermediate of BERT, fc1
  ["mlp", /mlp|ffn|feed_?forward|expert|moe|densereludense|dense_h_to_4h|dense_4h_to_h|intermediate/],
  ["mlp", /(?:^|[./])(?:(?:gate|up|down|gate_up)_proj|ff|fc_?\d*|c_fc|w[123]|linear_?[12])(?:[./]|$)/],
  // The second half of BERT's feed-forward block; the first is `intermediate`.
  ["mlp", /(?:^|[./])layers?[./]\d+[./]output[./]/],
];

/**
 * What part of a model a tensor belongs to, by its name: Hugging Face's names of the common architectures, GGUF's, and
 * those of LoRA adapters and diffusion models. A guess for display, never the basis of arithmetic.
 */
export function modelPart(name: string): ModelPart {
  const lower = name.toLowerCase();
  if (projectionInNorm.test(lower)) return "other";
  return patterns.find(([, pattern]) => pattern.test(lower))?.[0] ?? "other";
}
