import { badTokenizer } from "../convert/vocabulary/modelFiles";
import type { SentencePiece } from "../convert/vocabulary/sentencePiece";
import { tokenTypes } from "../convert/vocabulary/tokenTable";
import { mergeByScore } from "./mergeByScore";
import { partition } from "./partition";
import { decodePieces } from "./pieceBytes";
import type { Tokenizer } from "./tokenizer";
import { unknownToken } from "./unknownToken";
import { WordCutter } from "./wordCutter";

/** A SentencePiece vocabulary and how texts are put to it. */
export interface ScoredVocabulary {
  /** By number. */
  readonly pieces: readonly SentencePiece[];
  /** A space is put before a text. */
  readonly prefixesSpace: boolean;
  readonly bosId?: number;
  readonly eosId?: number;
  readonly addsBos: boolean;
  readonly addsEos: boolean;
  /** Named in errors. */
  readonly file: string;
}

/** Characters of a word whose tokens are remembered, and how many such words. */
const cached = { characters: 64, words: 50_000 };

/**
 * A tokenizer that merges by the scores of its vocabulary, as llama.cpp does for SentencePiece models (`llm_tokenizer_spm`):
 * spaces become `▁`, characters without a token their bytes. User-defined tokens are taken out of the text first; control
 * tokens in it are text.
 *
 * @throws FormatError `tokenizer.bad` when a text cannot be written with the vocabulary
 */
export function scoredTokenizer(vocabulary: ScoredVocabulary): Tokenizer {
  const { pieces, prefixesSpace, bosId, eosId, addsBos, addsEos, file } = vocabulary;
  const ids = new Map<string, number>();
  // Of equal texts the last counts, as in llama.cpp's table.
  pieces.forEach(({ text }, id) => ids.set(text, id));
  const userDefined = new Map<string, number>();
  pieces.forEach(({ text, type }, id) => {
    if (type === tokenTypes.userDefined && text !== "") userDefined.set(text, id);
  });
  const unknown = pieces.findIndex(({ type }) => type === tokenTypes.unknown);
  const byteIds = Array.from({ length: 256 }, (_, byte) => ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`));
  const cutter = new WordCutter(ids.keys());
  const merging = { idOf: (text: string) => ids.get(text), scoreOf: (id: number) => pieces[id]!.score };
  const utf8 = new TextEncoder();
  const cache = new Map<string, readonly number[]>();

  const bytesOf = (character: string): number[] =>
    Array.from(utf8.encode(character), (byte) => {
      const id = byteIds[byte] ?? ids.get(String.fromCharCode(byte)) ?? (unknown < 0 ? undefined : unknown);
      if (id === undefined) throw badTokenizer(file, "a token for every byte, or one for unknown characters", "neither");
      return id;
    });
  const encodeWord = (word: string): readonly number[] => {
    const known = cache.get(word);
    if (known) return known;
    const found = mergeByScore(word, merging).flatMap((symbol) => ids.get(symbol) ?? bytesOf(symbol));
    if (word.length <= cached.characters) {
      if (cache.size >= cached.words) cache.clear();
      cache.set(word, found);
    }
    return found;
  };

  const bytes = (id: number): Uint8Array => {
    const piece = pieces[id];
    if (!piece) throw unknownToken(id, pieces.length);
    if (piece.type === tokenTypes.byte) return Uint8Array.of(parseInt(piece.text.slice(3, 5), 16));
    return utf8.encode(piece.type === tokenTypes.normal ? piece.text.replaceAll("\u2581", " ") : piece.text);
  };
  return {
    vocabularySize: pieces.length,
    ...(bosId === undefined ? {} : { bosId }),
    addsBos: addsBos && bosId !== undefined,
    encode(text, { addSpecial = false } = {}) {
      const result: number[] = [];
      if (addSpecial && addsBos && bosId !== undefined) result.push(bosId);
      let isFirst = true;
      for (const part of partition(text, userDefined)) {
        if (typeof part === "number") result.push(part);
        else {
          const spaced = (prefixesSpace && isFirst ? " " : "") + part;
          for (const found of cutter.words(spaced.replaceAll(" ", "\u2581"))) for (const id of encodeWord(found)) result.push(id);
        }
        isFirst = typeof part === "number";
      }
      if (addSpecial && addsEos && eosId !== undefined) result.push(eosId);
      return Int32Array.from(result);
    },
    decode(tokens) {
      const start = tokens.length > 0 && tokens[0] === bosId ? 1 : 0;
      const text = decodePieces(Array.from(tokens).slice(start), bytes);
      // The space that was put before the text.
      const isPrefixed = prefixesSpace && pieces[tokens[start] ?? -1]?.type === tokenTypes.normal && text.startsWith(" ");
      return (start > 0 ? pieces[tokens[0]!]!.text : "") + (isPrefixed ? text.slice(1) : text);
    },
    piece(id) {
      const piece = pieces[id];
      if (!piece) throw unknownToken(id, pieces.length);
      return piece.text;
    },
  };
}
