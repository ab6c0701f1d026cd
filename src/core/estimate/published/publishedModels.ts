import { classicModels } from "./classicModels";
import { deepseekModels } from "./deepseekModels";
import { gemmaModels } from "./gemmaModels";
import { llamaModels } from "./llamaModels";
import { mistralModels } from "./mistralModels";
import { otherModels } from "./otherModels";
import type { PublishedModel } from "./publishedModel";
import { qwenModels } from "./qwenModels";

/**
 * Every model that is known by name. Their tests hold the published numbers of weights, and what other projects (litgpt, NeMo, maxtext,
 * mlc-llm, aiconfigurator and more) say of their layers, heads, contexts and windows: `test/fixtures/estimate/publishedFigures.json`,
 * where it also stands which figures no source confirms.
 */
export const publishedModels: readonly PublishedModel[] = [
  ...llamaModels,
  ...qwenModels,
  ...mistralModels,
  ...gemmaModels,
  ...deepseekModels,
  ...otherModels,
  ...classicModels,
];

/** Names as people write them differ in case and in what separates their parts: `Qwen2.5-7B`, `qwen2.5:7b`, `qwen2.5 7b`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9.+]/g, "");

let byName: ReadonlyMap<string, PublishedModel> | undefined;

function named(): ReadonlyMap<string, PublishedModel> {
  byName ??= new Map(publishedModels.flatMap((model) => [model.name, ...model.aliases].map((name) => [plain(name), model] as const)));
  return byName;
}

/** The model of exactly this name, however it is written; undefined where none is known. */
export function findPublished(name: string): PublishedModel | undefined {
  return named().get(plain(name));
}

/** Names of models that begin so, however it is written, one for each model; at least two characters. */
export function publishedNames(start: string): string[] {
  const begun = plain(start);
  if (begun.length < 2) return [];
  return publishedModels.flatMap(({ name, aliases }) => [name, ...aliases].find((one) => plain(one).startsWith(begun)) ?? []);
}

/** What follows a name without changing the model's shape. */
const variant = /^(instruct|chat|base|it|pt|hf|gguf|mlx|preview|thinking|v\d+(\.\d+)?|\d{4})(?=$|[-_:.])/;

/**
 * The model that a name begins with, as Hugging Face and Ollama write them, and what else the name says:
 * `meta-llama/Llama-3.1-8B-Instruct`, `qwen2.5:7b-instruct-q4_K_M`.
 *
 * @param word in small letters
 * @returns the model of the longest name, and the rest without variants such as `instruct`; undefined where none is known
 */
export function publishedIn(word: string): { model: PublishedModel; rest: string } | undefined {
  const own = word.replace(/^\w[\w.-]*\/(?=[^/]+$)/, "").replace(/^meta-/, "");
  const ends = [...own.matchAll(/[-_:.]|$/g)].map(({ index }) => index).reverse();
  for (const end of ends) {
    const model = findPublished(own.slice(0, end));
    if (model) return { model, rest: withoutVariants(own.slice(end)) };
  }
  return undefined;
}

function withoutVariants(text: string): string {
  let rest = text.replace(/^[-_:.]/, "");
  while (variant.test(rest)) rest = rest.replace(variant, "").replace(/^[-_:.]/, "");
  return rest;
}

/** Whether a word says only which variant of a model is meant. */
export function isVariant(word: string): boolean {
  return /^[a-z]/.test(word) && withoutVariants(word) === "";
}
