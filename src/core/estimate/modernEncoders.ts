import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import type { HeadKind } from "./modelHead";
import { convolution, linear, linears, type NamedShape, norm, repeated, within } from "./namedShape";

/**
 * Every tensor of a DeBERTa-v2 or v3; undefined for heads that are not known.
 *
 * @throws UsageError `estimate.config-incomplete`
 */
export function debertaTensors(config: ConfigNumbers, head: HeadKind): NamedShape[] | undefined {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_hidden_layers");
  const vocabulary = config.count("vocab_size");
  const positions = config.count("max_position_embeddings");
  const embedded = config.optional("embedding_size") ?? hidden;
  const heads = config.count("num_attention_heads");
  const inner = heads * (config.optional("attention_head_size") ?? Math.floor(hidden / heads));
  const types = config.countOrNone("type_vocab_size");
  const isRelative = config.flag("relative_attention") === true;
  const width = config.count("intermediate_size");
  const pooled = config.optional("pooler_hidden_size") ?? hidden;
  refuseTooMany(layers, 16);
  const top: NamedShape[] | undefined =
    head.kind === "none"
      ? []
      : head.kind === "masked"
        ? maskedHead(config, hidden, embedded, vocabulary)
        : head.kind === "classes"
          ? [...linear("pooler.dense", pooled, pooled, true), ...linear("classifier", head.count, pooled, true)]
          : head.kind === "tokens"
            ? linear("classifier", head.count, hidden, true)
            : undefined;
  if (top === undefined) return undefined;
  const distances = positive(config.record.position_buckets) ?? positive(config.record.max_relative_positions) ?? positions;
  const kernel = config.countOrNone("conv_kernel_size");
  return [
    { name: "embeddings.word_embeddings.weight", shape: [vocabulary, embedded] },
    ...(config.flag("position_biased_input") === false
      ? []
      : [{ name: "embeddings.position_embeddings.weight", shape: [positions, embedded] }]),
    ...(types === undefined ? [] : [{ name: "embeddings.token_type_embeddings.weight", shape: [types, embedded] }]),
    ...(embedded === hidden ? [] : linear("embeddings.embed_proj", hidden, embedded)),
    ...norm("embeddings.LayerNorm", hidden, true),
    ...(isRelative ? [{ name: "encoder.rel_embeddings.weight", shape: [2 * distances, hidden] }] : []),
    ...(String(config.record.norm_rel_ebd).includes("layer_norm") ? norm("encoder.LayerNorm", hidden, true) : []),
    ...(kernel === undefined
      ? []
      : within("encoder.conv", [
          ...convolution("conv", [hidden, Math.floor(hidden / (config.optional("conv_groups") ?? 1)), kernel], true),
          ...norm("LayerNorm", hidden, true),
        ])),
    ...repeated(layers, "encoder.layer", () => [
      ...linears(
        ["query_proj", "key_proj", "value_proj"].map((name) => `attention.self.${name}`),
        inner,
        hidden,
        true,
      ),
      ...(isRelative ? positionProjections(config, hidden, inner) : []),
      ...linear("attention.output.dense", hidden, inner, true),
      ...norm("attention.output.LayerNorm", hidden, true),
      ...linear("intermediate.dense", width, hidden, true),
      ...linear("output.dense", hidden, width, true),
      ...norm("output.LayerNorm", hidden, true),
    ]),
    ...top,
  ];
}

/** Rather unlimited than limited to nothing: -1. */
function positive(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function positionProjections(config: ConfigNumbers, hidden: number, inner: number): NamedShape[] {
  const kinds: unknown = config.record.pos_att_type;
  const said = Array.isArray(kinds) ? kinds.join("|") : typeof kinds === "string" ? kinds : "";
  if (config.flag("share_att_key")) return [];
  return [
    ...(said.includes("c2p") ? linear("attention.self.pos_key_proj", inner, hidden, true) : []),
    ...(said.includes("p2c") ? linear("attention.self.pos_query_proj", inner, hidden, true) : []),
  ];
}

function maskedHead(config: ConfigNumbers, hidden: number, embedded: number, vocabulary: number): NamedShape[] | undefined {
  // The newer form of it is another.
  if (config.flag("legacy") === false) return undefined;
  return [
    ...linear("cls.predictions.transform.dense", embedded, hidden, true),
    ...norm("cls.predictions.transform.LayerNorm", embedded, true),
    { name: "cls.predictions.bias", shape: [vocabulary] },
    ...(config.flag("tie_word_embeddings") === false ? linear("cls.predictions.decoder", vocabulary, embedded, true) : []),
  ];
}

/**
 * Every tensor of a ModernBERT, and of the decoder like it; undefined for heads that are not known.
 *
 * @throws UsageError `estimate.config-incomplete`
 */
export function modernBertTensors(config: ConfigNumbers, head: HeadKind): NamedShape[] | undefined {
  const hidden = config.count("hidden_size");
  const layers = config.count("num_hidden_layers");
  const vocabulary = config.count("vocab_size");
  const width = config.count("intermediate_size");
  const [ofNorms, ofAttention, ofFeedForward] = [
    config.isBiased("norm_bias"),
    config.isBiased("attention_bias"),
    config.isBiased("mlp_bias"),
  ];
  refuseTooMany(layers, 16);
  const dense = [...linear("head.dense", hidden, hidden, config.isBiased("classifier_bias")), ...norm("head.norm", hidden, ofNorms)];
  const isTied = config.flag("tie_word_embeddings") ?? true;
  const top: NamedShape[] | undefined =
    head.kind === "none"
      ? []
      : head.kind === "masked" || head.kind === "language"
        ? [
            ...dense,
            ...(isTied ? [] : linear("decoder", vocabulary, hidden)),
            ...(config.isBiased(["decoder_bias", true]) ? [{ name: "decoder.bias", shape: [vocabulary] }] : []),
          ]
        : head.kind === "classes" || head.kind === "tokens"
          ? [...dense, ...linear("classifier", head.count, hidden, true)]
          : undefined;
  if (top === undefined) return undefined;
  return [
    { name: "embeddings.tok_embeddings.weight", shape: [vocabulary, hidden] },
    ...norm("embeddings.norm", hidden, ofNorms),
    ...repeated(layers, "layers", (layer) => [
      // The embedding's own norm stands before the first one.
      ...(layer === 0 ? [] : norm("attn_norm", hidden, ofNorms)),
      ...linear("attn.Wqkv", 3 * hidden, hidden, ofAttention),
      ...linear("attn.Wo", hidden, hidden, ofAttention),
      ...norm("mlp_norm", hidden, ofNorms),
      ...linear("mlp.Wi", 2 * width, hidden, ofFeedForward),
      ...linear("mlp.Wo", hidden, width, ofFeedForward),
    ]),
    ...norm("final_norm", hidden, ofNorms),
    ...top,
  ];
}
