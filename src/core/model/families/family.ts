import type { ConfigReader } from "../../convert/config";
import type { GgufKeys } from "../ggufKeys";
import type { RotaryEmbedding } from "../modelDescription";
import type { ModelParameters } from "../modelParameters";

/** One family of models that can be run: a file each, listed in `registry.ts`. */
export interface ModelFamily {
  /** `general.architecture`. */
  readonly id: string;
  /** Names in `architectures` of config.json. */
  readonly classes: readonly string[];
  /** What config.json may leave out. */
  readonly defaults?: Readonly<Record<string, number>>;
  /** Of the gate. */
  readonly activation: "silu" | "gelu";
  /** Which values of a head llama.cpp turns together; transformers always takes the halves. */
  readonly ggufPairs: RotaryEmbedding["pairs"];
  /** Norms before attention and feed-forward layer, after them, or both. */
  readonly norms: "before" | "after" | "both";
  /** Whether queries and keys are normalized. */
  readonly queryKeyNorms: boolean;
  /** Whether query, key and value are one matrix, and gate and up another. */
  readonly fused?: boolean;
  /** Whether queries, keys and values must have biases; where not, any layer may have one. */
  readonly biases?: boolean;
  /** Where a config.json says otherwise than the llama family's common part. */
  fromConfig?(config: ConfigReader, common: ModelParameters): Partial<ModelParameters>;
  /** The same for keys of a GGUF file. */
  fromGguf?(keys: GgufKeys, common: ModelParameters): Partial<ModelParameters>;
  /** Tensors of a Hugging Face checkpoint that belong to no layer of the language model. */
  isIgnored?(name: string): boolean;
}
