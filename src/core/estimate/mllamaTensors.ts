import { attention } from "./attentionTensors";
import { gated } from "./configFeedForward";
import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import { convolution, linear, linears, type NamedShape, norm, repeated, within } from "./namedShape";

/** Tokens of pictures that the embedding has rows for and the output has none. */
const pictureTokens = 8;

/**
 * Every tensor of the language model of Llama 3.2 Vision: some of its layers look at the picture instead of the text.
 * @throws UsageError `estimate.config-incomplete`, `estimate.out-of-range`
 */
export function mllamaText(config: ConfigNumbers): NamedShape[] {
  const hidden = config.count("hidden_size");
  const vocabulary = config.count("vocab_size");
  const layers = config.count("num_hidden_layers");
  refuseTooMany(layers, 13);
  const headDim = Math.floor(hidden / config.count("num_attention_heads"));
  const looking = config.numbers("cross_attention_layers");
  const own = attention(config, { norms: [], tied: false, biases: { query: false, output: false } });
  const across: NamedShape[] = [
    ...own.map(({ name, shape }) => ({ name: name.replace("self_attn", "cross_attn"), shape })),
    ...["cross_attn.q_norm", "cross_attn.k_norm"].flatMap((name) => norm(name, headDim)),
    ...["cross_attn_attn_gate", "cross_attn_mlp_gate"].map((name) => ({ name, shape: [1] })),
  ];
  return [
    { name: "model.embed_tokens.weight", shape: [vocabulary + pictureTokens, hidden] },
    ...repeated(layers, "model.layers", (layer) => [
      ...(looking.includes(layer) ? across : own),
      ...within("mlp", gated(hidden, config.count("intermediate_size"))),
      ...["input_layernorm", "post_attention_layernorm"].flatMap((name) => norm(name, hidden)),
    ]),
    ...norm("model.norm", hidden),
    ...linear("lm_head", vocabulary, hidden),
  ];
}

function visionLayers(place: string, count: number, hidden: number, width: number, isGated: boolean): NamedShape[] {
  return repeated(count, place, () => [
    ...linears(
      ["q_proj", "k_proj", "v_proj", "o_proj"].map((name) => `self_attn.${name}`),
      hidden,
      hidden,
    ),
    ...linear("mlp.fc1", width, hidden, true),
    ...linear("mlp.fc2", hidden, width, true),
    ...["input_layernorm", "post_attention_layernorm"].flatMap((name) => norm(name, hidden, true)),
    ...(isGated ? ["gate_attn", "gate_ffn"].map((name) => ({ name, shape: [1] })) : []),
  ]);
}

/**
 * Its encoder of pictures, which sees them in tiles, and what leads from it to the language model.
 *
 * @param to width of the language model
 * @throws UsageError `estimate.config-incomplete`
 */
export function mllamaVision(config: ConfigNumbers, to: number): NamedShape[] {
  const hidden = config.count("hidden_size");
  const width = config.count("intermediate_size");
  const [side, tiles] = [config.count("patch_size"), config.count("max_num_tiles")];
  const ratios: unknown = config.record.supported_aspect_ratios;
  const shapes = (Array.isArray(ratios) ? ratios.length : 8) + 1;
  const positions = Math.floor(config.count("image_size") / side) ** 2 + 1;
  return [
    { name: "class_embedding", shape: [hidden] },
    ...convolution("patch_embedding", [hidden, config.optional("num_channels") ?? 3, side, side]),
    { name: "gated_positional_embedding.embedding", shape: [positions, hidden] },
    { name: "gated_positional_embedding.tile_embedding.weight", shape: [shapes, tiles * positions * hidden] },
    ...["pre_tile", "post_tile"].flatMap((place) => [
      { name: `${place}_positional_embedding.embedding.weight`, shape: [shapes, tiles * hidden] },
      { name: `${place}_positional_embedding.gate`, shape: [1] },
    ]),
    { name: "gated_positional_embedding.gate", shape: [1] },
    ...["layernorm_pre", "layernorm_post"].flatMap((name) => norm(name, hidden, true)),
    ...visionLayers("transformer.layers", config.count("num_hidden_layers"), hidden, width, false),
    ...visionLayers("global_transformer.layers", config.count("num_global_layers"), hidden, width, true),
    ...linear("multi_modal_projector", to, config.optional("vision_output_dim") ?? 7680, true),
  ];
}
