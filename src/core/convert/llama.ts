import { FormatError } from "../errors";
import { keyValue } from "../formats/gguf/writer/keyValue";
import { findDType } from "../tensor/dtype";
import { matrixShape } from "../tensor/tensorInfo";
import { type Architecture, commonKeys } from "./architecture";
import { computedTensor, llama3Factors } from "./rope";
import type { SourceTensor } from "./sourceModel";

/** Llama, Mistral and SmolLM. Source: llama.cpp `conversion/llama.py`. */
export const llama: Architecture = {
  id: "llama",
  classes: ["LlamaForCausalLM", "LLaMAForCausalLM", "MistralForCausalLM"],
  keyValues: (config) => [...commonKeys("llama", config), keyValue("llama.rope.dimension_count", "u32", config.headDim())],
  transform(tensor, config) {
    const part = rotated(tensor);
    if (part === undefined) return tensor;
    return withInterleavedHalves(tensor, part === "q" ? config.count("num_attention_heads") : config.keyValueHeads());
  },
  restore(tensor, keys) {
    const part = rotated(tensor);
    if (part === undefined) return tensor;
    const heads = keys.needed("attention.head_count");
    return withInterleavedHalves(tensor, part === "q" ? heads : (keys.number("attention.head_count_kv") ?? heads), true);
  },
  configuration: (keys) => ({
    attention_bias: keys.hasTensor("blk.0.attn_q.bias"),
    mlp_bias: keys.hasTensor("blk.0.ffn_down.bias"),
  }),
  extraTensors(config) {
    const factors = llama3Factors(config);
    return factors ? [computedTensor("rope_freqs.weight", factors)] : [];
  },
  notes(config) {
    const window = config.number("sliding_window");
    if (window === undefined || window >= config.count("max_position_embeddings")) return [];
    return [`llama.cpp does not limit this architecture's attention to the last ${window} tokens: longer contexts answer differently`];
  },
};

/** `q` or `k` for the tensors whose heads are rotated. */
const rotated = ({ name }: SourceTensor): string | undefined => /\.attn_([qk])\.(?:weight|bias)$/.exec(name)?.[1];

/**
 * Rotary halves of each head as llama.cpp wants them. A bias is a matrix of one column here.
 *
 * @param apart as Hugging Face has them, from llama.cpp's
 */
function withInterleavedHalves(tensor: SourceTensor, heads: number, apart = false): SourceTensor {
  const { source, shape } = tensor;
  const isBias = shape.length === 1;
  if (!(shape[0]! % (2 * heads) === 0)) {
    throw new FormatError("config.bad-heads", `${tensor.name} does not divide into the heads that the configuration names`, {
      tensor: tensor.name,
      expected: `a multiple of ${2 * heads} rows`,
      found: String(shape[0]),
    });
  }
  const { columns } = matrixShape(isBias ? [shape[0]!, 1] : shape);
  const dtype = findDType(source.dtype)!;
  const rowBytes = (columns / dtype.blockSize) * dtype.blockBytes;
  const place = { source: source.ref, offset: source.offset, rowBytes, headRows: shape[0]! / heads };
  const ref = { kind: "interleavedHalves", ...place, ...(apart ? { apart } : {}) } as const;
  return { ...tensor, source: { dtype: source.dtype, ref, offset: 0 } };
}
