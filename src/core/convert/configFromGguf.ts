import { FormatError } from "../errors";
import type { JsonRecord } from "../jsonRecord";
import { limits } from "../limits";
import type { Checkpoint } from "../tensor/checkpoint";
import { findDType } from "../tensor/dtype";
import { countValues } from "../tensor/tensorInfo";
import type { Architecture } from "./architecture";
import { ConfigReader } from "./config";
import { GgufKeys, shortest } from "./ggufKeys";
import { llama3Factors } from "./rope";

/** PyTorch's names of the types that weights can stay in; blocks are decoded to F16. */
const torchTypes: Readonly<Record<string, string>> = { F32: "float32", F16: "float16", BF16: "bfloat16", F64: "float64" };

/**
 * The config.json that the header of a GGUF file amounts to, as transformers 4 wrote it and 5 still reads it.
 *
 * @param checkpoint with llama.cpp's tensors
 * @throws FormatError `config.missing`, which names everything that the header does not say
 */
export async function configFromGguf(checkpoint: Checkpoint, architecture: Architecture): Promise<JsonRecord> {
  const { id, classes } = architecture;
  const keys = new GgufKeys(id, checkpoint);
  const embedding = checkpoint.tensors.find(({ name }) => name === "token_embd.weight");
  const heads = keys.needed("attention.head_count");
  const width = keys.needed("embedding_length");
  const config = {
    architectures: [classes[0]],
    model_type: id,
    hidden_act: "silu",
    hidden_size: width,
    intermediate_size: keys.needed("feed_forward_length"),
    num_hidden_layers: keys.needed("block_count"),
    num_attention_heads: heads,
    num_key_value_heads: keys.number("attention.head_count_kv") ?? heads,
    head_dim: keys.number("attention.key_length") ?? width / heads,
    max_position_embeddings: keys.needed("context_length"),
    rms_norm_eps: keys.needed("attention.layer_norm_rms_epsilon"),
    rope_theta: keys.number("rope.freq_base") ?? 10_000,
    vocab_size: embedding?.shape[0],
    tie_word_embeddings: !keys.hasTensor("output.weight"),
    ...tokenIds(keys),
    torch_dtype: torchTypes[embedding?.dtype ?? ""] ?? "float16",
    ...architecture.configuration?.(keys),
  };
  const scaling = await ropeScaling(checkpoint, keys, config);
  if (!embedding) keys.missing.push("the tensor token_embd.weight");
  if (keys.missing.length === 0) return { ...config, ...(scaling ? { rope_scaling: scaling } : {}) };
  throw new FormatError("config.missing", "The header of the GGUF file does not say all that a config.json needs", {
    file: checkpoint.name,
    expected: keys.missing.join(", "),
    found: "nothing of the kind",
    hint: "Write a single .safetensors file, and take config.json from the original model.",
  });
}

function tokenIds(keys: GgufKeys): JsonRecord {
  const names = [
    ["bos_token_id", "bos_token_id"],
    ["eos_token_id", "eos_token_id"],
    ["pad_token_id", "padding_token_id"],
  ] as const;
  return Object.fromEntries(names.flatMap(([name, key]) => idOf(name, keys.general(`tokenizer.ggml.${key}`))));
}

function idOf(name: string, id: number | undefined): [string, number][] {
  return id === undefined ? [] : [[name, id]];
}

/** How positions are scaled; undefined where they are not. What cannot be told is remembered as missing. */
async function ropeScaling(checkpoint: Checkpoint, keys: GgufKeys, config: JsonRecord): Promise<JsonRecord | undefined> {
  const frequencies = await smallTensor(checkpoint, "rope_freqs.weight");
  if (frequencies) {
    const found = llama3Scaling(frequencies, config);
    if (!found) keys.missing.push("how the frequencies in rope_freqs.weight were made");
    return found;
  }
  const [long, short] = [
    await smallTensor(checkpoint, "rope_factors_long.weight"),
    await smallTensor(checkpoint, "rope_factors_short.weight"),
  ];
  if (long && short) return { type: "longrope", long_factor: Array.from(long, shortest), short_factor: Array.from(short, shortest) };
  const type = keys.text("rope.scaling.type");
  if (type === undefined || type === "none") return undefined;
  if (type === "linear") return { rope_type: type, factor: keys.needed("rope.scaling.factor") };
  if (type === "yarn") {
    const original = keys.needed("rope.scaling.original_context_length");
    return { rope_type: type, factor: keys.needed("rope.scaling.factor"), original_max_position_embeddings: original };
  }
  keys.missing.push(`the meaning of the scaling of positions "${type}"`);
  return undefined;
}

/** The values of a tensor of at most half a head; undefined where it is not there. @throws FormatError and what reading throws */
async function smallTensor({ tensors, files }: Checkpoint, name: string): Promise<Float32Array | undefined> {
  const info = tensors.find((tensor) => tensor.name === name);
  const file = info && files[info.file]?.file;
  if (!info || !file) return undefined;
  if (
    info.dtype !== "F32" ||
    countValues(info.shape) > limits.headDimension ||
    findDType(info.dtype)!.blockBytes * countValues(info.shape) !== info.bytes
  ) {
    throw new FormatError("gguf.bad-rope", `${name} is not what frequencies of positions look like`, {
      file: file.name,
      tensor: name,
      offset: info.offset,
      expected: `up to ${limits.headDimension} values of F32`,
      found: `${countValues(info.shape)} of ${info.dtype}`,
    });
  }
  const bytes = new Uint8Array(info.bytes);
  await file.read(info.offset, bytes);
  return new Float32Array(bytes.buffer);
}

/** What Llama 3's ways of scaling have in common, and the original lengths that are tried. */
const llama3 = { low_freq_factor: 1, high_freq_factor: 4, rope_type: "llama3" };
const originalLengths = Array.from({ length: 17 }, (_, power) => 2 ** (power + 4));

/** The scaling that gives these very divisors: its factor is the largest of them, its original length a power of two. */
function llama3Scaling(divisors: Float32Array, config: JsonRecord): JsonRecord | undefined {
  const factor = shortest(divisors.reduce((most, value) => Math.max(most, value), 1));
  const candidates = originalLengths.map((length) => ({ ...llama3, factor, original_max_position_embeddings: length }));
  return candidates.find((candidate) => {
    const made = llama3Factors(new ConfigReader({ ...config, rope_scaling: candidate }));
    return made?.length === divisors.length && made.every((value, i) => Math.abs(value - divisors[i]!) <= 1e-5 * divisors[i]!);
  });
}
