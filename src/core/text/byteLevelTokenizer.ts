import { badTokenizer } from "../convert/vocabulary/modelFiles";
import { tokenTypes } from "../convert/vocabulary/tokenTable";
import { tokenizerRules } from "./libraryTokenizer";
import { partition } from "./partition";
import { decodePieces } from "./pieceBytes";
import type { WordSplit } from "./splitPatterns";
import type { Tokenizer } from "./tokenizer";
import { unknownToken } from "./unknownToken";

/** A byte-level vocabulary as GGUF files have it. */
export interface ByteLevelVocabulary {
  readonly tokens: readonly string[];
  /** `llama_token_type` of each; of those without one, normal. */
  readonly types: readonly number[];
  /** Two parts with a space between, in the order of merging. */
  readonly merges: readonly string[];
  readonly split: WordSplit;
  readonly bosId?: number;
  readonly eosId?: number;
  readonly addsBos: boolean;
  readonly addsEos: boolean;
  /** Named in errors. */
  readonly file: string;
}

/**
 * A tokenizer that merges bytes (`llm_tokenizer_bpe` of llama.cpp): the same rules as a tokenizer.json, run by the same
 * library. User-defined tokens are taken out of the text first; control tokens in it are text.
 *
 * @throws FormatError `tokenizer.bad`
 */
export function byteLevelTokenizer(vocabulary: ByteLevelVocabulary): Tokenizer {
  const { tokens, types, merges, split, bosId, eosId, addsBos, addsEos, file } = vocabulary;
  const typeOf = (id: number): number => types[id] ?? tokenTypes.normal;
  // A record without a prototype: a token can be spelled like one of its properties.
  const vocab = Object.create(null) as Record<string, number>;
  tokens.forEach((text, id) => (vocab[text] = id));
  const userDefined = new Map(
    tokens.flatMap((text, id) => (typeOf(id) === tokenTypes.userDefined && text !== "" ? [[text, id] as const] : [])),
  );
  const splits = split.patterns.map((pattern) => ({ type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false }));
  const rules = tokenizerRules(
    {
      model: { type: "BPE", vocab, merges: merges.map((merge) => mergeParts(merge, file)), ignore_merges: split.ignoresMerges === true },
      pre_tokenizer: { type: "Sequence", pretokenizers: [...splits, { type: "ByteLevel", add_prefix_space: false, use_regex: false }] },
    },
    {},
    file,
  );
  const utf8 = new TextEncoder();
  const bytes = byteOfCharacter();
  const pieceBytes = (id: number): Uint8Array => {
    const text = tokens[id];
    if (text === undefined) throw unknownToken(id, tokens.length);
    if (typeOf(id) !== tokenTypes.normal) return utf8.encode(text);
    return Uint8Array.from(Array.from(text).flatMap((character) => bytes.get(character) ?? Array.from(utf8.encode(character))));
  };
  return {
    vocabularySize: tokens.length,
    ...(bosId === undefined ? {} : { bosId }),
    addsBos: addsBos && bosId !== undefined,
    encode(text, { addSpecial = false } = {}) {
      const ids: number[] = [];
      if (addSpecial && addsBos && bosId !== undefined) ids.push(bosId);
      for (const part of partition(text, userDefined)) {
        if (typeof part === "number") ids.push(part);
        else for (const id of rules.encode(part, false)) ids.push(id);
      }
      if (addSpecial && addsEos && eosId !== undefined) ids.push(eosId);
      return Int32Array.from(ids);
    },
    decode: (ids) => decodePieces(ids, pieceBytes),
    piece(id) {
      const text = tokens[id];
      if (text === undefined) throw unknownToken(id, tokens.length);
      return text;
    },
  };
}

/** The parts of a merge: the first may begin with a space. */
function mergeParts(merge: string, file: string): [string, string] {
  const space = merge.indexOf(" ", 1);
  if (space < 0) throw badTokenizer(file, "merges of two parts", JSON.stringify(merge.slice(0, 40)));
  return [merge.slice(0, space), merge.slice(space + 1)];
}

/** The bytes that printable characters stand for in byte-level vocabularies. Source: openai/gpt-2 `bytes_to_unicode`. */
function byteOfCharacter(): Map<string, number> {
  const bytes = new Map<string, number>();
  let other = 256;
  for (let byte = 0; byte < 256; byte++) {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    bytes.set(String.fromCharCode(isPrintable ? byte : other++), byte);
  }
  return bytes;
}
