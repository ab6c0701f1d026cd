import { type KeyValue, keyValue } from "../../formats/gguf/writer/keyValue";
import { isRecord, type JsonRecord } from "../../jsonRecord";
import type { ConfigReader } from "../config";
import type { ModelFiles } from "./modelFiles";
import type { TokenTable } from "./tokenTable";

/** Kinds of special tokens, and their names in a GGUF file. Source: llama.cpp `gguf-py/gguf/vocab.py`. */
const kinds: readonly (readonly [string, string])[] = [
  ["bos", "bos_token_id"],
  ["eos", "eos_token_id"],
  ["unk", "unknown_token_id"],
  ["sep", "seperator_token_id"],
  ["pad", "padding_token_id"],
  ["mask", "mask_token_id"],
];

/** Numbers of the special tokens, whether they are added by themselves, and the chat template. */
export function specialTokenKeys(files: ModelFiles, table: TokenTable, config: ConfigReader): KeyValue[] {
  const { tokenizer, tokenizerConfig, chatTemplate } = files;
  const keys: KeyValue[] = [];
  for (const [kind, key] of kinds) {
    const id = idOf(tokenizerConfig[`${kind}_token`], table) ?? configId(config, kind);
    if (id !== undefined && id < table.size) keys.push(keyValue(`tokenizer.ggml.${key}`, "u32", id));
  }
  for (const kind of ["bos", "eos"]) {
    const added = tokenizerConfig[`add_${kind}_token`];
    const isAdded = typeof added === "boolean" ? added : isTemplated(tokenizer?.post_processor, tokenizerConfig[`${kind}_token`], kind);
    if (isAdded !== undefined) keys.push(keyValue(`tokenizer.ggml.add_${kind}_token`, "bool", isAdded));
  }
  if (chatTemplate !== undefined) keys.push(keyValue("tokenizer.chat_template", "string", chatTemplate));
  return keys;
}

/** The text of a token, which configurations give as it is or in an object. */
export const textOf = (token: unknown): string | undefined =>
  typeof token === "string" ? token : isRecord(token) && typeof token.content === "string" ? token.content : undefined;

function idOf(token: unknown, table: TokenTable): number | undefined {
  const text = textOf(token);
  return text === undefined ? undefined : table.find(text);
}

/** config.json may name several that end a text: the first is the one that is written. */
function configId(config: ConfigReader, kind: string): number | undefined {
  const id = config.number(`${kind}_token_id`) ?? config.numbers(`${kind}_token_id`)?.[0];
  return id !== undefined && Number.isInteger(id) && id >= 0 ? id : undefined;
}

/** Whether the post-processor puts the token at its end of every text; undefined where it does not tell. */
export function isTemplated(processor: unknown, token: unknown, kind: string): boolean | undefined {
  if (!isRecord(processor)) return undefined;
  const { processors } = processor;
  const steps: JsonRecord[] = Array.isArray(processors) ? processors.filter(isRecord) : [processor];
  const template = steps.find((step) => step.type === "TemplateProcessing")?.single;
  if (!Array.isArray(template) || template.length === 0) return undefined;
  const end: unknown = kind === "bos" ? template[0] : template.at(-1);
  const special = isRecord(end) ? end.SpecialToken : undefined;
  return isRecord(special) && special.id === textOf(token);
}
