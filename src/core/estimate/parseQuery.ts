import { UsageError } from "../errors";
import { nearestNames } from "../quant/editDistance";
import { mostContext, mostParameters } from "./bounds";
import { publishedModels } from "./published/publishedModels";
import { contextOf, type QueryWord, readWords } from "./queryWords";
import { storageTypeNames } from "./storageTypes";

/** What a line such as `70b q4_k_m 8k` asks for. */
export interface EstimateQuery {
  /** Weights of the model. */
  parameters?: number;
  /** The published model that was named in the place of a size. */
  model?: string;
  /** Identifiers of storage types, without repeats. */
  types?: string[];
  /** Tokens of context. */
  context?: number;
}

function possible(value: number, most: number, what: string, word: string): number {
  if (value > 0 && value <= most) return value;
  throw new UsageError("estimate.out-of-range", `"${word}" is not a possible ${what}.`, { found: word });
}

function repeated(what: string, word: string): UsageError {
  return new UsageError("estimate.repeated", `"${word}" is a second ${what}.`, { found: word });
}

function takeModel(query: EstimateQuery, { text, ...word }: QueryWord & { kind: "model" | "size" }): void {
  if (query.parameters !== undefined || query.model !== undefined) {
    // A size in millions behind the model's own: a long context.
    const tokens = query.context === undefined ? contextOf(text, "m") : undefined;
    if (tokens === undefined) throw repeated("model size", text);
    query.context = possible(tokens, mostContext, "context length", text);
  } else if (word.kind === "model") query.model = word.model;
  else query.parameters = possible(word.parameters, mostParameters, "model size", text);
}

function takeTypes(query: EstimateQuery, types: readonly string[]): void {
  if (types.length > 0) query.types = [...new Set([...(query.types ?? []), ...types])];
}

/**
 * Reads a line of words in any order: a model size (`7B`, `13b`, `6.74e9`, `6_740_000_000`, `350M`, `1.1T`, `7,5B`), a published
 * model (`llama-3.1-8b`, `Qwen/Qwen3-8B`, `qwen2.5:7b-instruct-q4_K_M`, `mixtral 8x7b`) or another name with a size in it
 * (`qwen2.5-vl-7b`), types by name or by its beginning (`q4_k_m`, `int4`, `iq2`), a context length (`8k`, `4096`, behind a size `1m`).
 *
 * @throws UsageError `estimate.unknown-word`, `estimate.repeated`, `estimate.out-of-range`; each names the word
 */
export function parseEstimateQuery(text: string): EstimateQuery {
  const query: EstimateQuery = {};
  for (const word of readWords(text)) {
    if (word.kind === "unknown") throw unknownWord(word.text);
    if (word.kind === "model" || word.kind === "size") takeModel(query, word);
    if (word.kind === "model" || word.kind === "types") takeTypes(query, word.types);
    if (word.kind === "context") {
      if (query.context !== undefined) throw repeated("context length", word.text);
      query.context = possible(word.tokens, mostContext, "context length", word.text);
    }
  }
  return query;
}

function unknownWord(word: string): UsageError {
  if (/(^|[-_])\d+x[\d.]+b($|[-_])/.test(word)) {
    const hint = "Write the sum, such as 46.7B for Mixtral 8x7B, or choose a checkpoint or its config.json.";
    const message = `"${word}" does not say how many weights there are: experts share the other layers. ${hint}`;
    return new UsageError("estimate.unknown-word", message, { found: word, hint });
  }
  const names = [...storageTypeNames, ...publishedModels.map(({ name }) => name)];
  const begun = word.length < 3 ? [] : names.filter((name) => name.toLowerCase().startsWith(word)).slice(0, 5);
  const nearest = begun.length > 0 ? begun : nearestNames(word, names);
  const hint =
    nearest.length > 0 ? `Did you mean ${nearest.join(", ")}?` : "Write a size, types and a context length, such as 70b q4_k_m 8k.";
  return new UsageError("estimate.unknown-word", `"${word}" is neither a model, a size, a type nor a context length. ${hint}`, {
    found: word,
    hint,
  });
}
