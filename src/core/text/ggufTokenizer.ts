import { badTokenizer } from "../convert/vocabulary/modelFiles";
import { tokenTypes } from "../convert/vocabulary/tokenTable";
import { UsageError } from "../errors";
import { metadataValue } from "../formats/gguf/header";
import { limits } from "../limits";
import type { Checkpoint, MetadataValue } from "../tensor/checkpoint";
import { byteLevelTokenizer } from "./byteLevelTokenizer";
import { scoredTokenizer } from "./scoredTokenizer";
import { wordSplits } from "./splitPatterns";
import type { Tokenizer } from "./tokenizer";

const prefix = "tokenizer.ggml.";

/**
 * The tokenizer in the header of a GGUF file, with the same numbers as llama.cpp; undefined where there is none. Control
 * tokens that stand in a text are taken for text, as llama.cpp's own programs do when they measure a model.
 *
 * @throws UsageError `unknown-tokenizer`, `unknown-pre-tokenizer`; FormatError `tokenizer.bad`
 */
export async function ggufTokenizer(checkpoint: Checkpoint): Promise<Tokenizer | undefined> {
  const keys = new TokenizerKeys(checkpoint);
  const model = keys.text("model");
  if (model === undefined || model === "none" || model === "no_vocab") return undefined;
  if (model === "llama") return fromScores(keys);
  if (model === "gpt2") return fromMerges(keys);
  throw new UsageError("unknown-tokenizer", `Tokenizers of the kind "${model}" are not supported`, {
    file: checkpoint.name,
    expected: 'a byte-level ("gpt2") or SentencePiece ("llama") vocabulary',
    found: model,
    hint: "Open the Hugging Face checkpoint of the model: its tokenizer.json can be used.",
  });
}

async function fromScores(keys: TokenizerKeys): Promise<Tokenizer> {
  const tokens = await keys.strings("tokens");
  const scores = await keys.numbers("scores", tokens.length);
  const types = await keys.numbers("token_type", tokens.length);
  return scoredTokenizer({
    pieces: tokens.map((text, id) => ({ text, score: scores?.[id] ?? 0, type: types?.[id] ?? tokenTypes.normal })),
    prefixesSpace: keys.flag("add_space_prefix") ?? true,
    bosId: keys.id("bos_token_id", tokens.length, 1),
    eosId: keys.id("eos_token_id", tokens.length, 2),
    addsBos: keys.flag("add_bos_token") ?? true,
    addsEos: keys.flag("add_eos_token") ?? false,
    file: keys.file,
  });
}

async function fromMerges(keys: TokenizerKeys): Promise<Tokenizer> {
  const name = keys.text("pre") ?? "default";
  const split = wordSplits.get(name);
  if (!split) {
    throw new UsageError("unknown-pre-tokenizer", `How "${name}" cuts text into words is not known here`, {
      file: keys.file,
      expected: [...wordSplits.keys()].join(", "),
      found: name,
      hint: "Open the Hugging Face checkpoint of the model: its tokenizer.json can be used.",
    });
  }
  const tokens = await keys.strings("tokens");
  const types = await keys.numbers("token_type", tokens.length);
  return byteLevelTokenizer({
    tokens,
    types: types ?? [],
    merges: await keys.strings("merges"),
    split,
    bosId: keys.id("bos_token_id", tokens.length),
    eosId: keys.id("eos_token_id", tokens.length),
    addsBos: keys.flag("add_bos_token") ?? split.addsBos ?? false,
    addsEos: keys.flag("add_eos_token") ?? false,
    file: keys.file,
  });
}

/** The keys of a header that describe its tokenizer. */
class TokenizerKeys {
  readonly file: string;

  constructor(private readonly checkpoint: Checkpoint) {
    this.file = checkpoint.name;
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    return typeof value === "string" ? value : undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.value(key);
    return typeof value === "boolean" ? value : undefined;
  }

  /** The number of a token, or undefined where the vocabulary has no such token. */
  id(key: string, vocabularySize: number, otherwise?: number): number | undefined {
    const value = Number(this.value(key) ?? otherwise);
    return Number.isInteger(value) && value >= 0 && value < vocabularySize ? value : undefined;
  }

  /** @throws FormatError `tokenizer.bad` */
  async strings(key: string): Promise<string[]> {
    const values = await this.array(key);
    if (values?.every((value) => typeof value === "string")) return values as string[];
    throw badTokenizer(this.file, `texts in ${prefix}${key}`, values ? typeof values[0] : "no such key");
  }

  /** @throws FormatError `tokenizer.bad` when there are others than one for each token */
  async numbers(key: string, count: number): Promise<number[] | undefined> {
    const values = await this.array(key);
    if (!values) return undefined;
    if (values.length === count && values.every((value) => typeof value === "number")) return values as number[];
    throw badTokenizer(this.file, `${count} numbers in ${prefix}${key}`, `${values.length} values`);
  }

  private value(key: string): MetadataValue | undefined {
    return metadataValue(this.checkpoint.metadata, prefix + key);
  }

  private async array(key: string): Promise<MetadataValue[] | undefined> {
    const entry = this.checkpoint.metadata.find((candidate) => candidate.key === prefix + key);
    if (!entry?.read || entry.length === undefined) return undefined;
    if (entry.length > limits.vocabulary) {
      throw badTokenizer(this.file, `at most ${limits.vocabulary} values in ${entry.key}`, String(entry.length));
    }
    return entry.read(0, entry.length);
  }
}
