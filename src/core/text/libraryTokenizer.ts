import { Tokenizer as LibraryTokenizer } from "@huggingface/tokenizers";
import { badTokenizer } from "../convert/vocabulary/modelFiles";
import { textOf } from "../convert/vocabulary/specialTokens";
import { isRecord, type JsonRecord } from "../jsonRecord";
import { limits } from "../limits";
import { unknownToken } from "./unknownToken";
import { WordCutter } from "./wordCutter";

/** A tokenizer.json as Hugging Face's library runs it. */
export interface TokenizerRules {
  readonly vocabularySize: number;
  encode(text: string, addSpecial: boolean): number[];
  decode(ids: readonly number[]): string;
  piece(id: number): string;
  /** The number of a text that is one token. */
  find(text: string): number | undefined;
}

/** What the library calls to cut a text into words. */
type WordRule = (text: string, options?: object) => string[];
type PreTokenizer = LibraryTokenizer["pre_tokenizer"];

/** Parts that the library wants to find, be they empty. */
const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, added_tokens: [] };

/**
 * Checks a tokenizer.json and gives it to the library.
 *
 * @param file named in errors
 * @throws FormatError `tokenizer.bad`
 */
export function tokenizerRules(definition: JsonRecord, config: JsonRecord, file: string): TokenizerRules {
  const size = vocabularySize(definition, file);
  const library = orBad(file, () => new LibraryTokenizer({ ...parts, ...definition }, config));
  cutWords(library, definition);
  const cleanUp = config.clean_up_tokenization_spaces === true;
  const checked = (id: number): number => {
    if (library.id_to_token(id) === undefined) throw unknownToken(id, size);
    return id;
  };
  return {
    vocabularySize: size,
    encode(text, addSpecial) {
      if (text === "" && !addSpecial) return [];
      const { ids } = orBad(file, () => library.encode(text, { add_special_tokens: addSpecial }));
      if ((ids as (number | undefined)[]).includes(undefined)) {
        throw badTokenizer(file, "a vocabulary with a token for every text, or one for unknown ones", "neither");
      }
      return ids;
    },
    decode(ids) {
      const known = ids.map(checked);
      return known.length === 0 ? "" : orBad(file, () => library.decode(known, { clean_up_tokenization_spaces: cleanUp }));
    },
    piece: (id) => library.id_to_token(checked(id))!,
    find: (text) => library.token_to_id(text),
  };
}

/**
 * Cuts the words that the library merges further, where that changes nothing: with the rules of SentencePiece a whole text is
 * one word, for which its merging needs minutes and gigabytes.
 */
function cutWords(library: LibraryTokenizer, { model }: JsonRecord): void {
  if (!isRecord(model) || model.type !== "BPE" || !isRecord(model.vocab)) return;
  if (textOf(model.end_of_word_suffix) || textOf(model.continuing_subword_suffix)) return;
  const cutter = new WordCutter(Object.keys(model.vocab));
  const before = library.pre_tokenizer as WordRule | null;
  const after: WordRule = (text, options) => (before ? before(text, options) : [text]).flatMap((word) => [...cutter.words(word)]);
  library.pre_tokenizer = after as unknown as PreTokenizer;
}

/** One more than the highest number of a token. @throws FormatError `tokenizer.bad` for numbers that cannot be one */
function vocabularySize({ model, added_tokens: added }: JsonRecord, file: string): number {
  if (!isRecord(model) || typeof model.vocab !== "object" || model.vocab === null)
    throw badTokenizer(file, "a model with a vocabulary", "none");
  const ids: unknown[] = Array.isArray(model.vocab) ? [...model.vocab.keys()] : Object.values(model.vocab);
  if (added !== undefined && !Array.isArray(added)) throw badTokenizer(file, "a list of added tokens", typeof added);
  for (const token of (added ?? []) as unknown[]) {
    if (!isRecord(token) || typeof token.content !== "string") throw badTokenizer(file, "added tokens with a text", JSON.stringify(token));
    ids.push(token.id);
  }
  let size = 0;
  for (const id of ids) {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= limits.vocabulary) {
      throw badTokenizer(file, `numbers of tokens from 0 to ${limits.vocabulary - 1}`, String(id).slice(0, 40));
    }
    size = Math.max(size, id + 1);
  }
  if (size === 0) throw badTokenizer(file, "a vocabulary", "an empty one");
  return size;
}

/** The library throws plain errors about what a file says. */
function orBad<T>(file: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw badTokenizer(file, "rules that can be followed", error instanceof Error ? error.message.slice(0, 200) : "others");
  }
}
