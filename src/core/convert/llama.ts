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
    const part = /\.attn_([qk])\.(?:weight|bias)$/.exec(tensor.name)?.[1];
    if (part === undefined) return tensor;
    return withInterleavedHalves(tensor, part === "q" ? config.count("num_attention_heads") : config.keyValueHeads());
  },
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

/** Rotary halves of each head as llama.cpp wants them. A bias is a matrix of one column here. */
function withInterleavedHalves(tensor: SourceTensor, heads: number): SourceTensor {
  const { source, shape } = tensor;
  const isBias = shape.length === 1;
  if (shape[0]! % (2 * heads) !== 0) {
    throw new FormatError("config.bad-heads", `${tensor.name} does not divide into the heads that config.json names`, {
      tensor: tensor.name,
      expected: `a multiple of ${2 * heads} rows`,
      found: String(shape[0]),
    });
  }
  const { columns } = matrixShape(isBias ? [shape[0]!, 1] : shape);
  const dtype = findDType(source.dtype)!;
  const rowBytes = (columns / dtype.blockSize) * dtype.blockBytes;
  const ref = { kind: "interleavedHalves", source: source.ref, offset: source.offset, rowBytes, headRows: shape[0]! / heads } as const;
  return { ...tensor, source: { dtype: source.dtype, ref, offset: 0 } };
}
