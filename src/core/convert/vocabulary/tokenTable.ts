import { type KeyValue, keyArray } from "../../formats/gguf/writer/keyValue";
import { isRecord } from "../../jsonRecord";
import type { ModelFiles } from "./modelFiles";

/** Kinds of tokens in a GGUF file (`llama_token_type`). */
export const tokenTypes = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

/** Of tokens that a tokenizer was given beside its vocabulary. */
const addedScore = -1000;
const unusedScore = -10_000;

/** Texts that are control tokens even where the tokenizer does not say so. Source: llama.cpp `conversion/base.py`. */
function looksSpecial(text: string): boolean {
  return (
    ["<pad>", "<mask>", "<2mass>", "[@BOS@]"].includes(text) ||
    /^<\|.*\|>$/s.test(text) ||
    /^<｜.*｜>$/s.test(text) ||
    /^<unused.*>$/s.test(text)
  );
}

/** The tokens of a model by number: as many as its embedding has rows. */
export class TokenTable {
  private readonly texts: string[];
  private readonly scores: Float32Array;
  private readonly types: Int32Array;

  constructor(readonly size: number) {
    this.texts = Array.from({ length: size }, (_, id) => `[PAD${id}]`);
    this.scores = new Float32Array(size).fill(unusedScore);
    this.types = new Int32Array(size).fill(tokenTypes.unused);
  }

  /** Sets a token; numbers beyond the embedding are passed over, since no row stands for them. */
  set(id: unknown, text: string, score: number, type: number): void {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= this.size) return;
    this.texts[id] = text;
    this.scores[id] = score;
    this.types[id] = type;
  }

  /** Adds the tokens that files list beside the vocabulary. */
  addFrom({ tokenizer, tokenizerConfig, addedTokens }: ModelFiles): void {
    for (const [text, id] of Object.entries(addedTokens)) this.set(id, text, addedScore, tokenTypes.userDefined);
    const listed = Array.isArray(tokenizer?.added_tokens) ? tokenizer.added_tokens.filter(isRecord) : [];
    for (const { id, content, special } of listed) this.add(id, content, special);
    const { added_tokens_decoder: decoder } = tokenizerConfig;
    if (!isRecord(decoder)) return;
    for (const [id, token] of Object.entries(decoder)) if (isRecord(token)) this.add(Number(id), token.content, token.special);
  }

  /** The number of a text, or undefined. */
  find(text: string): number | undefined {
    const id = this.texts.indexOf(text);
    return id < 0 ? undefined : id;
  }

  keyValues(withScores: boolean): KeyValue[] {
    return [
      keyArray("tokenizer.ggml.tokens", "string", this.texts),
      ...(withScores ? [keyArray("tokenizer.ggml.scores", "f32", this.scores)] : []),
      keyArray("tokenizer.ggml.token_type", "i32", this.types),
    ];
  }

  private add(id: unknown, content: unknown, special: unknown): void {
    if (typeof content !== "string") return;
    const isControl = special === true || looksSpecial(content);
    const isUnknown = typeof id === "number" && this.types[id] === tokenTypes.unknown;
    const type = isUnknown ? tokenTypes.unknown : isControl ? tokenTypes.control : tokenTypes.userDefined;
    this.set(id, isControl ? content : content.replaceAll("▁", " "), addedScore, type);
  }
}
