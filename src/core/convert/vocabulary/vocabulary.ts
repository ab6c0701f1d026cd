import { UsageError } from "../../errors";
import { type KeyValue, keyArray, keyValue } from "../../formats/gguf/writer/keyValue";
import { isRecord, type JsonRecord } from "../../jsonRecord";
import type { ConfigReader } from "../config";
import { badTokenizer, type ModelFiles } from "./modelFiles";
import { preTokenizerName } from "./preTokenizer";
import { readSentencePiece } from "./sentencePiece";
import { specialTokenKeys } from "./specialTokens";
import { TokenTable, tokenTypes } from "./tokenTable";

const file = "tokenizer.json";

/** The keys of a vocabulary, and what the user should know of it. */
export interface Vocabulary {
  keyValues: KeyValue[];
  notes: string[];
}

/**
 * The vocabulary of a Hugging Face checkpoint as GGUF keys: from its SentencePiece model if it has one, else from
 * tokenizer.json.
 *
 * @param size rows of the embedding
 * @throws UsageError `unknown-tokenizer`, `unknown-pre-tokenizer`; FormatError `tokenizer.bad`
 */
export function vocabularyOf(files: ModelFiles, config: ConfigReader, size: number): Vocabulary {
  const table = new TokenTable(size);
  const keys = files.sentencePiece
    ? fromSentencePiece(files, table)
    : files.tokenizer
      ? fromTokenizer(files, files.tokenizer, table)
      : undefined;
  if (!keys) {
    return {
      keyValues: [keyValue("tokenizer.ggml.model", "string", "none")],
      notes: ["There is no tokenizer beside the weights: the file takes numbers of tokens, not text"],
    };
  }
  return { keyValues: [...keys, ...specialTokenKeys(files, table, config)], notes: [] };
}

function fromSentencePiece(files: ModelFiles, table: TokenTable): KeyValue[] {
  const { pieces, addDummyPrefix } = readSentencePiece(files.sentencePiece!);
  pieces.forEach(({ text, score, type }, id) => table.set(id, text, score, type));
  table.addFrom(files);
  const configured = files.tokenizerConfig.add_prefix_space;
  return spmKeys(table, typeof configured === "boolean" ? configured : addDummyPrefix);
}

function fromTokenizer(files: ModelFiles, tokenizer: JsonRecord, table: TokenTable): KeyValue[] {
  const { model } = tokenizer;
  if (!isRecord(model) || !isRecord(model.vocab)) throw badTokenizer(file, "a model with a vocabulary", "none");
  if (model.type !== "BPE") {
    throw new UsageError("unknown-tokenizer", `Tokenizers of the kind ${String(model.type)} are not converted`, {
      file,
      expected: "BPE",
      found: String(model.type),
    });
  }
  const merges = mergesOf(model);
  if (model.byte_fallback === true) return fromByteFallback(files, tokenizer, { vocab: model.vocab, merges }, table);
  for (const [text, id] of Object.entries(model.vocab)) table.set(id, text, 0, tokenTypes.normal);
  table.addFrom(files);
  return [
    keyValue("tokenizer.ggml.model", "string", "gpt2"),
    keyValue("tokenizer.ggml.pre", "string", preTokenizerName(tokenizer)),
    ...table.keyValues(false),
    // A space parts the two halves of a merge: those within are moved out of the way, as llama.cpp's converter does.
    keyArray(
      "tokenizer.ggml.merges",
      "string",
      merges.map((pair) => pair.map((part) => part.replaceAll(" ", "\u0120")).join(" ")),
    ),
  ];
}

/**
 * A SentencePiece model in the form of tokenizer.json. llama.cpp merges by score, tokenizer.json by the order of merges:
 * with each token's score its earliest merge's rank, both do the same.
 */
function fromByteFallback(
  files: ModelFiles,
  tokenizer: JsonRecord,
  { vocab, merges }: { vocab: JsonRecord; merges: readonly (readonly [string, string])[] },
  table: TokenTable,
): KeyValue[] {
  const ranks = new Map<string, number>();
  merges.forEach(([left, right], rank) => {
    if (!ranks.has(left + right)) ranks.set(left + right, rank);
  });
  const unknown = isRecord(tokenizer.model) ? tokenizer.model.unk_token : undefined;
  for (const [text, id] of Object.entries(vocab)) {
    const type = text === unknown ? tokenTypes.unknown : /^<0x[0-9A-F]{2}>$/.test(text) ? tokenTypes.byte : tokenTypes.normal;
    table.set(id, text, 0 - (ranks.get(text) ?? merges.length), type);
  }
  table.addFrom(files);
  return spmKeys(table, prependsSpace(tokenizer));
}

function spmKeys(table: TokenTable, addSpacePrefix: boolean): KeyValue[] {
  return [
    keyValue("tokenizer.ggml.model", "string", "llama"),
    keyValue("tokenizer.ggml.pre", "string", "default"),
    ...table.keyValues(true),
    keyValue("tokenizer.ggml.add_space_prefix", "bool", addSpacePrefix),
  ];
}

/** Merges as pairs: old files have them as one text with a space. @throws FormatError `tokenizer.bad` */
function mergesOf({ merges }: JsonRecord): (readonly [string, string])[] {
  if (!Array.isArray(merges)) throw badTokenizer(file, "a list of merges", typeof merges);
  return merges.map((merge: unknown) => {
    const pair: unknown = typeof merge === "string" ? merge.split(" ") : merge;
    if (Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === "string")) return pair as [string, string];
    throw badTokenizer(file, "merges of two parts", JSON.stringify(merge).slice(0, 40));
  });
}

/** Whether the rules put a space before the text. */
function prependsSpace({ normalizer, pre_tokenizer }: JsonRecord): boolean {
  const steps = [normalizer, pre_tokenizer].flatMap((part) => {
    if (!isRecord(part)) return [];
    const inner = part.normalizers ?? part.pretokenizers;
    return Array.isArray(inner) ? inner.filter(isRecord) : [part];
  });
  return steps.some(
    (step) =>
      step.type === "Prepend" ||
      (step.type === "Metaspace" && (step.prepend_scheme === undefined ? step.add_prefix_space === true : step.prepend_scheme !== "never")),
  );
}
