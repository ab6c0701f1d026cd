import { UsageError } from "../../errors";
import { isRecord, type JsonRecord } from "../../jsonRecord";

const letters = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+";
const rest = " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const upperLower = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+";
const upperOnly = "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*";

/** Regular expressions by which tokenizers cut text, and llama.cpp's names of them (`src/llama-vocab.cpp`). */
const byPattern: ReadonlyMap<string, string> = new Map([
  [`${contractions}|${letters}|\\p{N}{1,3}|${rest}`, "llama-bpe"],
  [`${contractions}|${letters}|\\p{N}|${rest}`, "qwen2"],
  [`${upperLower}|${upperOnly}|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`, "tekken"],
  [
    `${upperLower}${contractions}?|${upperOnly}${contractions}?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`,
    "gpt-4o",
  ],
]);

/**
 * llama.cpp's name for the way a byte-level BPE tokenizer cuts text before merging, by the rules in tokenizer.json.
 *
 * @throws UsageError `unknown-pre-tokenizer`: with another one the model would read other tokens
 */
export function preTokenizerName(tokenizer: JsonRecord): string {
  const steps = stepsOf(tokenizer.pre_tokenizer);
  const patterns = steps.flatMap((step) => (step.type === "Split" ? [patternOf(step)] : []));
  const name = patterns.length === 1 ? byPattern.get(patterns[0]!) : patterns.length === 0 ? byteLevelName(steps) : undefined;
  // Both cut alike; only Llama 3 takes whole words of its vocabulary without merging.
  if (name === "llama-bpe" && !ignoresMerges(tokenizer)) return "dbrx";
  if (name !== undefined) return name;
  const found = patterns.join("  ") || steps.map((step) => String(step.type)).join(", ") || "none";
  throw new UsageError("unknown-pre-tokenizer", "The way this tokenizer cuts text has no name in llama.cpp that is known here", {
    file: "tokenizer.json",
    expected: `the rules of ${[...byPattern.values(), "gpt-2", "smollm"].join(", ")}`,
    found: found.slice(0, 300),
    hint: "Convert the model with llama.cpp's convert_hf_to_gguf.py, then quantize the GGUF file here.",
  });
}

function byteLevelName(steps: readonly JsonRecord[]): string | undefined {
  const byteLevel = steps.some((step) => step.type === "ByteLevel" && step.use_regex !== false);
  if (!byteLevel) return undefined;
  const digits = steps.find((step) => step.type === "Digits");
  if (!digits) return "gpt-2";
  return digits.individual_digits === true ? "smollm" : undefined;
}

function stepsOf(preTokenizer: unknown): JsonRecord[] {
  if (!isRecord(preTokenizer)) return [];
  const { pretokenizers } = preTokenizer;
  return preTokenizer.type === "Sequence" && Array.isArray(pretokenizers) ? pretokenizers.filter(isRecord) : [preTokenizer];
}

function patternOf(step: JsonRecord): string {
  const { pattern } = step;
  return isRecord(pattern) && typeof pattern.Regex === "string" ? pattern.Regex : "";
}

function ignoresMerges({ model }: JsonRecord): boolean {
  return isRecord(model) && model.ignore_merges === true;
}
