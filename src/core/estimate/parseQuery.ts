import { UsageError } from "../errors";
import { nearestNames } from "../quant/editDistance";
import { countParameters, referenceModels, referenceTensors } from "./referenceModels";
import { completeStorageTypes, findStorageTypes, storageTypeNames } from "./storageTypes";

/** What a line such as `70b q4_k_m 8k` asks for. */
export interface EstimateQuery {
  /** Weights of the model. */
  parameters?: number;
  /** The published model that was named in the place of a size. */
  architecture?: string;
  /** Identifiers of storage types, without repeats. */
  types?: string[];
  /** Tokens of context. */
  context?: number;
}

const suffixes: Readonly<Record<string, number>> = { m: 1e6, b: 1e9, t: 1e12 };

/** More weights than any file could hold in 2⁵³ bytes. */
export const mostParameters = 1e15;
/** Far beyond any model's context; keeps the KV cache a safe integer. */
export const mostContext = 1e9;

function parametersOf(word: string): number | undefined {
  const match = /^(\d[\d_]*(?:\.\d+)?|\.\d+)(?:(e\d{1,2})|([mbt]))?$/.exec(word);
  if (!match) return undefined;
  const number = Number(match[1]!.replaceAll("_", "") + (match[2] ?? ""));
  if (match[3] !== undefined) return Math.round(number * suffixes[match[3]]!);
  // A plain number below a million is a context length.
  return number >= 1e6 ? Math.round(number) : undefined;
}

/**
 * The size in a model's name: 7e9 in `qwen2.5-7b-instruct`, 30e9 in `qwen3-30b-a3b`, whose other number is of what is active. A
 * word with a slash may be a path that does not exist, and is no name.
 */
function sizeInName(word: string): number | undefined {
  if (/[/\\]/.test(word)) return undefined;
  const [size, ...others] = word.split(/[-_]/).filter((part) => /^\d+(\.\d+)?[mbt]$/.test(part));
  return size === undefined || others.length > 0 ? undefined : parametersOf(size);
}

function contextOf(word: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(k?)$/.exec(word);
  if (!match) return undefined;
  const tokens = Number(match[1]) * (match[2] === "k" ? 1024 : 1);
  return Number.isInteger(tokens) && tokens > 0 ? tokens : undefined;
}

function setOnce<K extends "parameters" | "context">(query: EstimateQuery, key: K, value: number, most: number, word: string): void {
  const what = key === "parameters" ? "model size" : "context length";
  if (query[key] !== undefined) throw new UsageError("estimate.repeated", `"${word}" is a second ${what}.`, { found: word });
  if (!(value > 0 && value <= most)) throw new UsageError("estimate.out-of-range", `"${word}" is not a possible ${what}.`, { found: word });
  query[key] = value;
}

/** A word whose commas group digits (`6,740,000,000`, `3,500m`) or stand before tenths (`7,5b`); others separate words. */
function withoutCommas(word: string): string[] {
  if (/^\d{1,3}(,\d{3})+[kmbt]?$/.test(word)) return [word.replaceAll(",", "")];
  if (/^\d+,\d+[kmbt]$/.test(word)) return [word.replace(",", ".")];
  return word.split(",");
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .flatMap(withoutCommas)
    .filter((word) => word !== "");
}

/** Storage types by their name, or by the beginning of it. */
function typesOf(word: string): string[] {
  const exact = findStorageTypes(word);
  return (exact.length > 0 ? exact : completeStorageTypes(word)).map(({ id }) => id);
}

/**
 * Reads a line of words in any order: a model size (`7B`, `13b`, `6.74e9`, `6_740_000_000`, `350M`, `1.1T`, `7,5B`), the name of a
 * published model whose shape is known (`llama-3-8b`) or another name with a size in it (`qwen2.5-7b-instruct`), types by name or
 * by its beginning (`q4_k_m`, `int4`, `iq2`), a context length (`8k`, `4096`).
 *
 * @throws UsageError `estimate.unknown-word`, `estimate.repeated`, `estimate.out-of-range`; each names the word
 */
export function parseEstimateQuery(text: string): EstimateQuery {
  const query: EstimateQuery = {};
  for (const word of wordsOf(text)) {
    const model = referenceModels.find(({ name }) => name.toLowerCase() === word);
    if (model) query.architecture = model.name;
    const context = contextOf(word);
    const parameters = model ? countParameters(referenceTensors(model)) : parametersOf(word);
    const types = parameters === undefined && context === undefined ? typesOf(word) : [];
    const size = parameters ?? (context === undefined && types.length === 0 ? sizeInName(word) : undefined);
    if (size !== undefined) setOnce(query, "parameters", size, mostParameters, word);
    else if (context !== undefined) setOnce(query, "context", context, mostContext, word);
    else if (types.length > 0) query.types = [...new Set([...(query.types ?? []), ...types])];
    else throw unknownWord(word);
  }
  return query;
}

function unknownWord(word: string): UsageError {
  if (/(^|[-_])\d+x[\d.]+b($|[-_])/.test(word)) {
    const hint = "Write the sum, such as 46.7B for Mixtral 8x7B, or choose a checkpoint or its config.json.";
    const message = `"${word}" does not say how many weights there are: experts share the other layers. ${hint}`;
    return new UsageError("estimate.unknown-word", message, { found: word, hint });
  }
  const nearest = nearestNames(word, [...storageTypeNames, ...referenceModels.map(({ name }) => name)]);
  const hint =
    nearest.length > 0 ? `Did you mean ${nearest.join(", ")}?` : "Write a size, types and a context length, such as 70b q4_k_m 8k.";
  return new UsageError("estimate.unknown-word", `"${word}" is neither a model size, a type nor a context length. ${hint}`, {
    found: word,
    hint,
  });
}
