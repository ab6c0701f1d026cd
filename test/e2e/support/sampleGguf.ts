import { readFileSync } from "node:fs";
import path from "node:path";
import { findScheme, isByteScheme } from "../../../src/core/quant/registry";
import { ggufName } from "../../../src/core/recipe/tensorNames";
import { type GgufValue, ggufString, ggufStrings, writeGguf } from "../../support/ggufWriter";
import { sampleFolder, type SampleTensor } from "./sampleModel";

const f32 = 0;
const q4K = 12;

/** The sample checkpoint as a GGUF file: matrices in Q4_K, norms in F32, the vocabulary in the metadata. */
export function sampleGguf(tensors: readonly SampleTensor[]): Uint8Array {
  const scheme = findScheme("Q4_K");
  if (!isByteScheme(scheme)) throw new Error("Q4_K has no bytes");
  return writeGguf({
    metadata: metadata(),
    tensors: tensors.map(({ name, shape, values }) => {
      const columns = shape.at(-1)!;
      const bytes = new Uint8Array(shape.length === 2 ? scheme.bytes(shape) : values.byteLength);
      if (shape.length === 2) scheme.quantizeRows(values, columns, bytes);
      else bytes.set(new Uint8Array(values.buffer));
      return { name: ggufName(name) ?? name, type: shape.length === 2 ? q4K : f32, ne: [...shape].reverse(), bytes };
    }),
  });
}

function metadata(): [string, GgufValue][] {
  const config = JSON.parse(readFileSync(path.join(sampleFolder, "config.json"), "utf8")) as Record<string, number>;
  const { model } = JSON.parse(readFileSync(path.join(sampleFolder, "tokenizer.json"), "utf8")) as {
    model: { vocab: Record<string, number>; merges: (string | [string, string])[] };
  };
  const integer = (key: string): GgufValue => ({ type: "u32", value: config[key] ?? 0 });
  const tokens = Object.entries(model.vocab)
    .sort(([, one], [, other]) => one - other)
    .map(([token]) => token);
  return [
    ["general.architecture", ggufString("llama")],
    ["general.name", ggufString("tiny-public-domain-llama")],
    ["general.file_type", { type: "u32", value: 14 }],
    ["general.quantization_version", { type: "u32", value: 2 }],
    ["llama.block_count", integer("num_hidden_layers")],
    ["llama.context_length", integer("max_position_embeddings")],
    ["llama.embedding_length", integer("hidden_size")],
    ["llama.feed_forward_length", integer("intermediate_size")],
    ["llama.attention.head_count", integer("num_attention_heads")],
    ["llama.attention.head_count_kv", integer("num_key_value_heads")],
    ["llama.attention.layer_norm_rms_epsilon", { type: "f32", value: config.rms_norm_eps ?? 0 }],
    ["llama.rope.freq_base", { type: "f32", value: config.rope_theta ?? 10_000 }],
    ["llama.vocab_size", integer("vocab_size")],
    ["tokenizer.ggml.model", ggufString("llama")],
    ["tokenizer.ggml.tokens", ggufStrings(tokens)],
    ["tokenizer.ggml.merges", ggufStrings(model.merges.map((merge) => (typeof merge === "string" ? merge : merge.join(" "))))],
    ["tokenizer.ggml.bos_token_id", { type: "u32", value: 1 }],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: true }],
  ];
}
