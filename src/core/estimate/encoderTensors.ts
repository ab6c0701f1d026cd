import { type ConfigNumbers, refuseTooMany } from "./configNumbers";
import type { HeadKind } from "./modelHead";
import { linear, linears, type NamedShape, norm, repeated, within } from "./namedShape";

/** How encoders like BERT differ. Source: `modeling_*.py` of transformers. */
export interface EncoderFamily {
  /** Kinds of tokens have embeddings (`type_vocab_size`). */
  readonly types?: boolean;
  /** Positions are not learned. */
  readonly noPositions?: boolean;
  /** Tokens' embeddings may be narrower than the stream. */
  readonly narrow?: boolean;
  /** Distances of tokens have learned values for each head. */
  readonly distances?: boolean;
  /** All layers are one. */
  readonly shared?: boolean;
  /** Gate, up and down; only the matrices of attention and the last one may have biases. */
  readonly gated?: { readonly biased: boolean };
  /** Norms come first, and there is one more at the end. */
  readonly oneMoreNorm?: boolean;
  /** Embeddings of two-dimensional positions, four of each (LayoutLM). */
  readonly boxes?: boolean;
  /** Embeddings of tasks, where the configuration says so (ERNIE). */
  readonly tasks?: boolean;
  /** The output's bias is the matrix's own: where that is no embedding, there is no other. */
  readonly ownBias?: boolean;
  /** The matrix of the first token is there below every head. */
  readonly poolerAlways?: boolean;
  /** The first token's result goes through a matrix, in models of no other head. */
  readonly pooler?: boolean;
  /** Heads of classes: from that matrix, or from one of their own. */
  readonly classifier: "pooler" | "own";
}

const bert: EncoderFamily = { types: true, pooler: true, classifier: "pooler" };
const roberta: EncoderFamily = { types: true, pooler: true, classifier: "own" };

/** By `model_type`. */
export const encoderFamilies: ReadonlyMap<string, EncoderFamily> = new Map(
  Object.entries({
    bert,
    roberta,
    "xlm-roberta": roberta,
    camembert: roberta,
    "data2vec-text": roberta,
    ernie: { ...bert, tasks: true },
    layoutlm: { ...bert, boxes: true, poolerAlways: true },
    electra: { types: true, narrow: true, ownBias: true, classifier: "own" },
    albert: { types: true, narrow: true, shared: true, pooler: true, classifier: "pooler" },
    distilbert: { ownBias: true, classifier: "own" },
    mpnet: { distances: true, pooler: true, classifier: "own" },
    nomic_bert: { types: true, noPositions: true, gated: { biased: false }, classifier: "own" },
    gte: { types: true, noPositions: true, gated: { biased: true }, ownBias: true, classifier: "own" },
    // Norms stand elsewhere, and are as many.
    "megatron-bert": bert,
    "xlm-roberta-xl": roberta,
    "roberta-prelayernorm": { ...roberta, oneMoreNorm: true },
  } satisfies Record<string, EncoderFamily>),
);

/**
 * Every tensor of such a model, with the head that its `architectures` say; undefined for heads that are not known.
 *
 * @throws UsageError `estimate.config-incomplete`
 */
export function encoderTensors(config: ConfigNumbers, family: EncoderFamily, head: HeadKind): NamedShape[] | undefined {
  const hidden = config.count("hidden_size", "dim");
  const layers = config.count("num_hidden_layers", "n_layers");
  const vocabulary = config.count("vocab_size");
  const embedded = (family.narrow ? config.optional("embedding_size") : undefined) ?? hidden;
  refuseTooMany(layers, 16);
  const made = headTensors(config, family, { head, hidden, embedded, vocabulary });
  if (made === undefined) return undefined;
  return [
    ...within("embeddings", [
      { name: "word_embeddings.weight", shape: [vocabulary, embedded] },
      ...(family.noPositions ? [] : [{ name: "position_embeddings.weight", shape: [config.count("max_position_embeddings"), embedded] }]),
      ...(family.types ? [{ name: "token_type_embeddings.weight", shape: [config.count("type_vocab_size"), embedded] }] : []),
      ...(family.boxes
        ? ["x", "y", "h", "w"].map((side) => ({
            name: `${side}_position_embeddings.weight`,
            shape: [config.count("max_2d_position_embeddings"), embedded],
          }))
        : []),
      ...(family.tasks && config.flag("use_task_id")
        ? [{ name: "task_type_embeddings.weight", shape: [config.count("task_type_vocab_size"), embedded] }]
        : []),
      ...norm("LayerNorm", embedded, true),
    ]),
    ...(embedded !== hidden || family.shared ? linear("embeddings_project", hidden, embedded, true) : []),
    ...(family.distances
      ? [
          {
            name: "encoder.relative_attention_bias.weight",
            shape: [config.optional("relative_attention_num_buckets") ?? 32, config.count("num_attention_heads")],
          },
        ]
      : []),
    ...(family.shared
      ? repeated(config.optional("num_hidden_groups") ?? 1, "encoder.groups", () =>
          repeated(config.optional("inner_group_num") ?? 1, "layers", () => layer(config, family, hidden)),
        )
      : repeated(layers, "encoder.layer", () => layer(config, family, hidden))),
    ...(family.oneMoreNorm ? norm("LayerNorm", hidden, true) : []),
    ...made,
  ];
}

function layer(config: ConfigNumbers, family: EncoderFamily, hidden: number): NamedShape[] {
  const heads = config.count("num_attention_heads", "n_heads");
  const headDim = config.optional("head_dim") ?? Math.floor(hidden / heads);
  const width = config.count("intermediate_size", "hidden_dim");
  const bias = family.gated?.biased ?? true;
  const inner = heads * headDim;
  return [
    ...linears(["attention.self.query", "attention.self.key", "attention.self.value"], inner, hidden, bias),
    ...linear("attention.output.dense", hidden, inner, bias),
    ...norm("attention.output.LayerNorm", hidden, true),
    ...(family.gated ? linear("intermediate.gate", width, hidden) : []),
    ...linear("intermediate.dense", width, hidden, !family.gated),
    ...linear("output.dense", hidden, width, bias),
    ...norm("output.LayerNorm", hidden, true),
  ];
}

interface HeadSizes {
  head: HeadKind;
  hidden: number;
  embedded: number;
  vocabulary: number;
}

function headTensors(config: ConfigNumbers, family: EncoderFamily, sizes: HeadSizes): NamedShape[] | undefined {
  const { head, hidden, embedded, vocabulary } = sizes;
  const pooler = family.pooler ? linear("pooler.dense", hidden, hidden, true) : [];
  switch (head.kind) {
    case "none":
      return pooler;
    case "masked":
      return [
        ...(family.poolerAlways ? pooler : []),
        ...linear("cls.predictions.transform.dense", embedded, hidden, true),
        ...norm("cls.predictions.transform.LayerNorm", embedded, true),
        { name: "cls.predictions.bias", shape: [vocabulary] },
        ...(config.flag("tie_word_embeddings") === false ? linear("cls.predictions.decoder", vocabulary, embedded, !family.ownBias) : []),
      ];
    case "classes":
      return [
        ...(family.classifier === "pooler" ? pooler : linear("classifier.dense", hidden, hidden, true)),
        ...linear("classifier.out_proj", head.count, hidden, true),
      ];
    case "tokens":
      return [...(family.poolerAlways ? pooler : []), ...linear("classifier", head.count, hidden, true)];
    default:
      return undefined;
  }
}
