import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import type { HeadKind } from "./modelHead";
import { linear, linears, type NamedShape, norm, repeated, within } from "./namedShape";

/** How T5 and those after it differ. Source: `modeling_*.py` of transformers. */
export interface T5Family {
  /** Feed-forward networks have a gate where the configuration does not say. */
  readonly gated: boolean;
  /** Every layer has its own values of distances, not only the first. */
  readonly distancesInAll?: boolean;
}

/** By `model_type`. */
export const t5Families: ReadonlyMap<string, T5Family> = new Map(
  Object.entries({
    t5: { gated: false },
    mt5: { gated: true },
    umt5: { gated: true, distancesInAll: true },
  } satisfies Record<string, T5Family>),
);

/**
 * Every tensor of such a model, or of its encoder alone (`T5EncoderModel`); undefined for heads that are not known.
 *
 * @throws UsageError `estimate.config-incomplete`
 */
export function t5Tensors(config: ConfigNumbers, family: T5Family, head: HeadKind): NamedShape[] | undefined {
  if (head.kind !== "language" && head.kind !== "none") return undefined;
  const hidden = config.count("d_model");
  const inner = config.count("num_heads") * config.count("d_kv");
  const width = config.count("d_ff");
  const layers = config.count("num_layers");
  const decoderLayers = config.optional("num_decoder_layers") ?? layers;
  const vocabulary = config.count("vocab_size");
  refuseTooMany(layers + decoderLayers, 20);
  const said = config.record.feed_forward_proj;
  const isGated = config.flag("is_gated_act") ?? (typeof said === "string" ? said.startsWith("gated-") : family.gated);
  const attention = (name: string, hasDistances: boolean): NamedShape[] => [
    ...linears(
      ["q", "k", "v"].map((part) => `${name}.${part}`),
      inner,
      hidden,
    ),
    ...linear(`${name}.o`, hidden, inner),
    ...(hasDistances
      ? [
          {
            name: `${name}.relative_attention_bias.weight`,
            shape: [config.optional("relative_attention_num_buckets") ?? 32, config.count("num_heads")],
          },
        ]
      : []),
  ];
  const feedForward = [
    ...(isGated ? linears(["wi_0", "wi_1"], width, hidden) : linear("wi", width, hidden)),
    ...linear("wo", hidden, width),
  ];
  const stack = (count: number, isDecoder: boolean): NamedShape[] => [
    ...repeated(count, "block", (layer) => [
      ...attention("layer.0.SelfAttention", layer === 0 || family.distancesInAll === true),
      ...norm("layer.0.layer_norm", hidden),
      ...(isDecoder ? [...attention("layer.1.EncDecAttention", false), ...norm("layer.1.layer_norm", hidden)] : []),
      ...within(`layer.${isDecoder ? 2 : 1}.DenseReluDense`, feedForward),
      ...norm(`layer.${isDecoder ? 2 : 1}.layer_norm`, hidden),
    ]),
    ...norm("final_layer_norm", hidden),
  ];
  const encoder = [{ name: "shared.weight", shape: [vocabulary, hidden] }, ...within("encoder", stack(layers, false))];
  if (head.kind === "none" && head.isEncoder) return encoder;
  const isTied = config.flag("tie_word_embeddings") ?? true;
  const output = head.kind === "none" || isTied ? [] : linear("lm_head", vocabulary, hidden);
  return [...encoder, ...within("decoder", stack(decoderLayers, true)), ...output];
}
