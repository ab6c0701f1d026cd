/**
 * The order in which a model computes: what a reader expects, while safetensors headers are alphabetical. Families name
 * their parts differently; each line lists the words of one step, for Hugging Face and GGUF names.
 */
const steps: readonly RegExp[] = [
  /^(.*\.)?(embed|embedding|embeddings|embed_tokens|word_embeddings|token_embd|tok_embeddings|wte|wpe|position_embd)(\.|$)/,
  /(^|\.)(input_layernorm|attn_norm|attention_norm|ln_1|norm1|pre_attention_norm)(\.|$)/,
  /(^|\.)(q_proj|wq|attn_q|query|q)(\.|$)/,
  /(^|\.)(k_proj|wk|attn_k|key|k)(\.|$)/,
  /(^|\.)(v_proj|wv|attn_v|value|v)(\.|$)/,
  /(^|\.)(qkv_proj|c_attn|attn_qkv|query_key_value)(\.|$)/,
  /(^|\.)(o_proj|wo|attn_output|out_proj|dense)(\.|$)/,
  /(^|\.)(self_attn|attn|attention)(\.|$)/,
  /(^|\.)(post_attention_layernorm|ffn_norm|ln_2|norm2|post_attention_norm)(\.|$)/,
  /(^|\.)(router|gate|ffn_gate_inp)(\.|$)/,
  /(^|\.)(gate_proj|w1|ffn_gate|gate_up_proj)(\.|$)/,
  /(^|\.)(up_proj|w3|ffn_up|c_fc|fc1)(\.|$)/,
  /(^|\.)(down_proj|w2|ffn_down|fc2)(\.|$)/,
  /(^|\.)(mlp|ffn|feed_forward|block_sparse_moe)(\.|$)/,
];
const unknown = steps.length;
const finalNorm = /(^|\.)(norm|ln_f|final_layernorm|output_norm)(\.|$)/;
const output = /^(lm_head|output|embed_out)(\.|$)/;

/** Where a sibling of this name stands among the others: smaller first. Equal ranks keep numbers in numeric order. */
export function modelRank(label: string): number {
  if (output.test(label)) return unknown + 2;
  if (finalNorm.test(label)) return unknown + 1;
  const step = steps.findIndex((pattern) => pattern.test(label));
  return step < 0 ? unknown : step;
}

/** A text whose plain order is the natural one: numbers by size, so that `layers.10` comes after `layers.9`, in any case. */
export function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
}
