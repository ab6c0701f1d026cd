import { findPublished, isVariant, publishedIn, publishedNames } from "./published/publishedModels";
import { completeStorageTypes, findStorageTypes } from "./storageTypes";

/** What some words of an estimate's line say. */
export type QueryWord = { readonly text: string } & (
  | { readonly kind: "model"; readonly model: string; readonly types: readonly string[] }
  | { readonly kind: "size"; readonly parameters: number }
  | { readonly kind: "context"; readonly tokens: number }
  | { readonly kind: "types"; readonly types: readonly string[] }
  | { readonly kind: "variant" }
  | { readonly kind: "unknown" }
);

const suffixes: Readonly<Record<string, number>> = { m: 1e6, b: 1e9, t: 1e12 };

/** Words of a model's name that stand apart, at most: `deepseek r1 distill llama 8b`. */
const longestName = 5;

function parametersOf(word: string): number | undefined {
  const match = /^(\d[\d_]*(?:\.\d+)?|\.\d+)(?:(e\d{1,2})|([mbt]))?$/.exec(word);
  if (!match) return undefined;
  const number = Number(match[1]!.replaceAll("_", "") + (match[2] ?? ""));
  if (match[3] !== undefined) return Math.round(number * suffixes[match[3]]!);
  // A plain number below a million is a context length.
  return number >= 1e6 ? Math.round(number) : undefined;
}

/**
 * The size in a model's name: 7e9 in `qwen2.5-vl-7b-instruct`, 30e9 in `qwen3-vl-30b-a3b`, whose other number is of what is active.
 * A word with a slash may be a path that does not exist, and is no name.
 */
function sizeInName(word: string): number | undefined {
  if (/[/\\]/.test(word)) return undefined;
  const [size, ...others] = word.split(/[-_:]/).filter((part) => /^\d+(\.\d+)?[mbt]$/.test(part));
  return size === undefined || others.length > 0 ? undefined : parametersOf(size);
}

/** Tokens: `8192`, `8k`, and behind a model's size `1m`. */
export function contextOf(word: string, suffix: "k" | "m"): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([km]?)$/.exec(word);
  if (!match || (match[2] !== "" && match[2] !== suffix)) return undefined;
  const tokens = Number(match[1]) * { "": 1, k: 1024, m: 1024 * 1024 }[match[2] as "" | "k" | "m"];
  return Number.isInteger(tokens) && tokens > 0 ? tokens : undefined;
}

/** A word whose commas group digits (`6,740,000,000`, `3,500m`) or stand before tenths (`7,5b`); others separate words. */
function withoutCommas(word: string): string[] {
  if (/^\d{1,3}(,\d{3})+[kmbt]?$/.test(word)) return [word.replaceAll(",", "")];
  if (/^\d+,\d+[kmbt]$/.test(word)) return [word.replace(",", ".")];
  return word.split(",");
}

/** Words in small letters; a unit joins the number before it. */
function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll(/(?<=(^|\s)[\d.,]+)\s+(?=[kmbt](\s|$))/g, "")
    .split(/\s+/)
    .flatMap(withoutCommas)
    .filter((word) => word !== "");
}

/** Storage types by their name, or by the beginning of it. */
function typesOf(word: string): string[] {
  const exact = findStorageTypes(word);
  return (exact.length > 0 ? exact : completeStorageTypes(word)).map(({ id }) => id);
}

/** A published model's name of several words; the longest. */
function spacedName(words: readonly string[]): QueryWord | undefined {
  for (let count = Math.min(longestName, words.length); count > 1; count--) {
    const text = words.slice(0, count).join(" ");
    const model = findPublished(text);
    if (model) return { kind: "model", text, model: model.name, types: [] };
  }
  return undefined;
}

function readWord(text: string, hasModel: boolean): QueryWord {
  const parameters = parametersOf(text);
  if (parameters !== undefined) return { kind: "size", text, parameters };
  const tokens = contextOf(text, "k");
  if (tokens !== undefined) return { kind: "context", text, tokens };
  const named = publishedIn(text);
  const types = named && named.rest !== "" ? findStorageTypes(named.rest).map(({ id }) => id) : [];
  if (named && (named.rest === "" || types.length > 0)) return { kind: "model", text, model: named.model.name, types };
  const asked = typesOf(text);
  if (asked.length > 0) return { kind: "types", text, types: asked };
  const size = sizeInName(text);
  if (size !== undefined) return { kind: "size", text, parameters: size };
  return { kind: hasModel && isVariant(text) ? "variant" : "unknown", text };
}

/**
 * The line with its last words made the name of a published model, for each whose name begins with them: as many of the words as
 * make a beginning.
 */
export function completeModels(line: string): string[] {
  const words = line.trim().split(/\s+/);
  for (let count = Math.min(longestName, words.length); count > 0; count--) {
    const names = publishedNames(words.slice(-count).join(" "));
    if (names.length > 0) return names.map((name) => [...words.slice(0, -count), name].join(" "));
  }
  return [];
}

/** The words of a line that say which model is meant. */
export function modelWords(line: string): string[] {
  return readWords(line)
    .filter(({ kind }) => kind === "model" || kind === "size" || kind === "variant")
    .flatMap(({ text }) => text.split(" "));
}

/** What each word of a line says, in their order; a name of several words is one. */
export function readWords(line: string): QueryWord[] {
  const words = wordsOf(line);
  const read: QueryWord[] = [];
  for (let at = 0; at < words.length;) {
    const word = spacedName(words.slice(at)) ?? readWord(words[at]!, read.at(-1)?.kind === "model" || read.at(-1)?.kind === "variant");
    read.push(word);
    at += word.text.split(" ").length;
  }
  return read;
}
