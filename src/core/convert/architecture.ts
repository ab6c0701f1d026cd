import { type KeyValue, keyValue } from "../formats/gguf/writer/keyValue";
import type { ConfigReader } from "./config";
import type { GgufKeys } from "./ggufKeys";
import { ropeKeys } from "./rope";
import type { SourceTensor } from "./sourceModel";

/** How one family of Hugging Face models becomes GGUF: one file each, listed in `registry.ts`. */
export interface Architecture {
  /** `general.architecture`. */
  readonly id: string;
  /** Names in `architectures` of config.json. */
  readonly classes: readonly string[];
  /** What config.json may leave out. */
  readonly defaults?: Readonly<Record<string, number>>;
  keyValues(config: ConfigReader): KeyValue[];
  /** Tensors of the checkpoint that have no place in the file, by Hugging Face name. */
  isDropped?(name: string): boolean;
  /** What happens to a tensor's values on the way. */
  transform?(tensor: SourceTensor, config: ConfigReader): SourceTensor;
  /** Tensors made of the configuration. */
  extraTensors?(config: ConfigReader): SourceTensor[];
  /** What the runtime will do otherwise than the original, for the user. */
  notes?(config: ConfigReader): string[];
  /** Undoes `transform`, for a checkpoint that was GGUF. */
  restore?(tensor: SourceTensor, keys: GgufKeys): SourceTensor;
  /** What config.json says beyond what every family has, for a checkpoint that was GGUF. */
  configuration?(keys: GgufKeys): Readonly<Record<string, unknown>>;
}

/** Keys that every family has. Source: llama.cpp `conversion/base.py` (set_gguf_parameters). */
export function commonKeys(architecture: string, config: ConfigReader): KeyValue[] {
  const u32 = (key: string, value: number): KeyValue => keyValue(`${architecture}.${key}`, "u32", value);
  const headDim = config.headDim();
  return [
    u32("block_count", config.count("num_hidden_layers")),
    u32("context_length", config.count("max_position_embeddings")),
    u32("embedding_length", config.count("hidden_size")),
    u32("feed_forward_length", config.count("intermediate_size")),
    u32("attention.head_count", config.count("num_attention_heads")),
    u32("attention.head_count_kv", config.keyValueHeads()),
    ...ropeKeys(architecture, config),
    keyValue(`${architecture}.rope.freq_base`, "f32", config.rope().theta),
    keyValue(`${architecture}.attention.layer_norm_rms_epsilon`, "f32", config.number("rms_norm_eps") ?? 1e-6),
    u32("attention.key_length", headDim),
    u32("attention.value_length", headDim),
    u32("vocab_size", config.count("vocab_size")),
  ];
}
