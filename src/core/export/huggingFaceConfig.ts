import { FormatError } from "../errors";
import type { SplitScheme } from "../quant/split/splitScheme";
import type { Checkpoint } from "../tensor/checkpoint";

/** PyTorch's names of float types. */
const torchTypes: Readonly<Record<string, string>> = { F32: "float32", F16: "float16", BF16: "bfloat16" };

/** How compressed-tensors names FP8 weights with a scale a row and activations quantized as they come. */
const fp8Dynamic = {
  quant_method: "compressed-tensors",
  format: "float-quantized",
  quantization_status: "compressed",
  global_compression_ratio: null,
  kv_cache_scheme: null,
  ignore: ["lm_head"],
  config_groups: {
    group_0: {
      targets: ["Linear"],
      weights: { num_bits: 8, type: "float", symmetric: true, strategy: "channel", dynamic: false },
      input_activations: { num_bits: 8, type: "float", symmetric: true, strategy: "token", dynamic: true },
      output_activations: null,
    },
  },
};

/** How transformers says that bitsandbytes loads 4-bit weights. */
const bitsandbytes4 = (type: string): object => ({
  quant_method: "bitsandbytes",
  load_in_4bit: true,
  load_in_8bit: false,
  _load_in_4bit: true,
  _load_in_8bit: false,
  bnb_4bit_quant_type: type,
  bnb_4bit_use_double_quant: false,
  bnb_4bit_compute_dtype: "bfloat16",
  bnb_4bit_quant_storage: "uint8",
  llm_int8_enable_fp32_cpu_offload: false,
  llm_int8_has_fp16_weight: false,
  llm_int8_skip_modules: null,
  llm_int8_threshold: 6,
});

const configurations: Readonly<Record<string, object>> = {
  fp8: fp8Dynamic,
  nf4: bitsandbytes4("nf4"),
  fp4: bitsandbytes4("fp4"),
};

/** The configuration with the names of layers that are as they were. Without any, transformers itself leaves out the output matrix. */
function skipping(configuration: object, skipped: readonly string[]): object {
  if (skipped.length === 0) return configuration;
  const modules = ["lm_head", ...skipped];
  return { ...configuration, ...("ignore" in configuration ? { ignore: modules } : { llm_int8_skip_modules: modules }) };
}

/**
 * The config.json of a checkpoint, saying how its weights are stored now.
 *
 * @param skipped linear layers that are not quantized though the scheme is for such
 * @throws FormatError `config.missing`
 */
export function quantizedConfig(
  { config }: Checkpoint,
  plain: string | undefined,
  split: SplitScheme | undefined,
  skipped: readonly string[],
): Uint8Array {
  if (!config) {
    throw new FormatError("config.missing", "There is no config.json beside the weights to say how they are stored", {
      file: "config.json",
      hint: "Write a single .safetensors file instead of a folder.",
    });
  }
  const { quantization_config: _, ...rest } = config;
  const typed = plain === undefined ? {} : { [config.dtype === undefined ? "torch_dtype" : "dtype"]: torchTypes[plain] };
  const quantization = split ? { quantization_config: skipping(configurations[split.id]!, skipped) } : {};
  return new TextEncoder().encode(`${JSON.stringify({ ...rest, ...typed, ...quantization }, undefined, 2)}\n`);
}
