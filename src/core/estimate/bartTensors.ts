import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import type { HeadKind } from "./modelHead";
import { convolution, linear, linears, type NamedShape, norm, repeated, within } from "./namedShape";

/** How BART and those after it differ. Source: `modeling_*.py` of transformers. */
export interface BartFamily {
  /** Rows of the learned positions beyond those that the configuration says; undefined where they are not stored. */
  readonly positions?: number;
  /** A norm follows the embedding, and another the last layer. */
  readonly embeddingNorm?: boolean;
  readonly lastNorm?: boolean;
  /** The output has a bias. */
  readonly outputBias?: boolean;
  /** Reads sound: two convolutions in the place of an embedding (Whisper). */
  readonly sound?: boolean;
}

const bart: BartFamily = { positions: 2, embeddingNorm: true, outputBias: true };
const pegasus: BartFamily = { positions: 0, lastNorm: true, outputBias: true };

/** By `model_type`. */
export const bartFamilies: ReadonlyMap<string, BartFamily> = new Map(
  Object.entries({
    bart,
    plbart: bart,
    mbart: { ...bart, lastNorm: true },
    pegasus,
    blenderbot: pegasus,
    "blenderbot-small": { ...bart, positions: 0 },
    marian: { outputBias: true },
    m2m_100: { lastNorm: true },
    whisper: { lastNorm: true, sound: true },
  } satisfies Record<string, BartFamily>),
);

/**
 * Every tensor of such a model; undefined for heads that are not known.
 *
 * @throws UsageError `estimate.config-incomplete`
 */
export function bartTensors(config: ConfigNumbers, family: BartFamily, head: HeadKind): NamedShape[] | undefined {
  if (head.kind !== "language" && head.kind !== "none") return undefined;
  // Marian's can have two embeddings, and a BART can be a decoder alone.
  if (config.flag("share_encoder_decoder_embeddings") === false || config.flag("is_encoder_decoder") === false) return undefined;
  const hidden = config.count("d_model");
  const vocabulary = config.count("vocab_size");
  const [encoders, decoders] = [config.count("encoder_layers"), config.count("decoder_layers")];
  refuseTooMany(encoders + decoders, 30);
  const positions = (key: string, more = 0): NamedShape[] => [
    { name: "embed_positions.weight", shape: [config.count(key) + more, hidden] },
  ];
  const attention = (name: string): NamedShape[] => [
    ...linear(`${name}.k_proj`, hidden, hidden, !family.sound),
    ...linears([`${name}.v_proj`, `${name}.q_proj`, `${name}.out_proj`], hidden, hidden, true),
    ...norm(`${name}_layer_norm`, hidden, true),
  ];
  const isTied = config.flag("tie_word_embeddings") ?? true;
  const embedding = [{ name: "embed_tokens.weight", shape: [vocabulary, hidden] }];
  const stack = (count: number, width: number, isDecoder: boolean): NamedShape[] => [
    // What is not tied, is not tied anywhere.
    ...(isTied || family.sound ? [] : embedding),
    ...(family.sound
      ? positions(isDecoder ? "max_target_positions" : "max_source_positions")
      : family.positions === undefined
        ? []
        : positions("max_position_embeddings", family.positions)),
    ...(family.embeddingNorm ? norm("layernorm_embedding", hidden, true) : []),
    ...repeated(count, "layers", () => [
      ...attention("self_attn"),
      ...(isDecoder ? attention("encoder_attn") : []),
      ...linear("fc1", width, hidden, true),
      ...linear("fc2", hidden, width, true),
      ...norm("final_layer_norm", hidden, true),
    ]),
    ...(family.lastNorm ? norm("layer_norm", hidden, true) : []),
  ];
  const sound = (): NamedShape[] => [
    ...convolution("encoder.conv1", [hidden, config.count("num_mel_bins"), 3], true),
    ...convolution("encoder.conv2", [hidden, hidden, 3], true),
  ];
  return [
    ...(family.sound ? sound() : []),
    { name: "shared.weight", shape: [vocabulary, hidden] },
    ...within("encoder", stack(encoders, config.count("encoder_ffn_dim"), false)),
    ...within("decoder", stack(decoders, config.count("decoder_ffn_dim"), true)),
    ...(head.kind === "none" ? [] : family.outputBias ? [{ name: "final_logits_bias", shape: [1, vocabulary] }] : []),
    ...(head.kind === "none" || isTied ? [] : linear("lm_head", vocabulary, hidden)),
  ];
}
