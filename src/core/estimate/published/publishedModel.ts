import type { Config } from "../textConfig";

/** A model whose configuration is public, and that people call by its name. */
export interface PublishedModel {
  readonly name: string;
  /** Names of models of the very same shape. */
  readonly aliases: readonly string[];
  readonly config: Config;
}

/** Settings beside the usual ones, and names of models of the same shape. */
interface More {
  readonly config?: Config;
  readonly aliases?: readonly string[];
}

/**
 * A model that only decodes, by the figures of its config.json.
 *
 * @param attention heads, key-value heads, dimensions of a head where it says so
 * @param context tokens that it was trained for
 */
export function decoder(
  name: string,
  type: string,
  [layers, hidden, feedForward]: readonly [number, number, number],
  [heads, keyValueHeads, headDim]: readonly [number, number, number?],
  vocabulary: number,
  context: number,
  { config = {}, aliases = [] }: More = {},
): PublishedModel {
  return {
    name,
    aliases,
    config: {
      model_type: type,
      num_hidden_layers: layers,
      hidden_size: hidden,
      intermediate_size: feedForward,
      num_attention_heads: heads,
      num_key_value_heads: keyValueHeads,
      head_dim: headDim,
      vocab_size: vocabulary,
      max_position_embeddings: context,
      ...config,
    },
  };
}

/** The same model as the part of another that also sees. @param vision what it sees with */
export function withVision(model: PublishedModel, type: string, vision: Config): PublishedModel {
  return { ...model, config: { model_type: type, text_config: model.config, vision_config: vision } };
}

/**
 * A model, and others of the very same shape that were trained for another context.
 *
 * @param contexts tokens, and the names of those that were trained for so many
 */
export function withOtherContexts(
  model: PublishedModel,
  contexts: Readonly<Record<number, readonly [string, ...string[]]>>,
): readonly PublishedModel[] {
  const others = Object.entries(contexts).map(([context, [name, ...aliases]]) => ({
    name,
    aliases,
    config: { ...model.config, max_position_embeddings: Number(context) },
  }));
  return [model, ...others];
}

/** The output matrix is the embedding. */
export const tied: Config = { tie_word_embeddings: true };
