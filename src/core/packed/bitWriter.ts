import { streamField } from "./bitStream";

/**
 * Puts a field into a little-endian stream of `bits`-wide fields in 32-bit words that are 0 so far: what `streamField` reads.
 *
 * @param at index of the word in which the stream begins
 * @param stride words from one word of the stream to the next
 */
export function putField(words: Uint32Array, at: number, stride: number, bits: number, index: number, field: number): void {
  const bit = index * bits;
  const shift = bit & 31;
  const word = at + (bit >>> 5) * stride;
  words[word]! |= field << shift;
  if (shift + bits > 32) words[word + stride]! |= field >>> (32 - shift);
}

/**
 * Adds 1 to every field of words that hold whole fields, or takes it off, as GPTQ's loaders turn one version of the format
 * into the other: word by word, so that a field that overflows carries into the next, and taking off undoes adding. Fields of
 * 3 bits, which straddle words, wrap around each by itself. Source: GPTQModel `utils/model.py` (convert_gptq_v1_to_v2_format).
 *
 * @param words whole streams of fields, each `stream` words long
 */
export function addToFields(words: Uint32Array, stream: number, bits: number, step: 1 | -1): void {
  if (32 % bits === 0) {
    const ones = Math.floor((2 ** 32 - 1) / (2 ** bits - 1));
    for (let i = 0; i < words.length; i++) words[i] = words[i]! + step * ones;
    return;
  }
  const fields = Math.floor((stream * 32) / bits);
  const stepped = new Uint32Array(stream);
  for (let at = 0; at < words.length; at += stream) {
    stepped.fill(0);
    for (let i = 0; i < fields; i++) putField(stepped, 0, 1, bits, i, (streamField(words, at, 1, bits, i) + step) & (2 ** bits - 1));
    words.set(stepped, at);
  }
}

/** Fewest fields that fill whole words. */
export function fieldsOfWholeWords(bits: number): number {
  return 32 % bits === 0 ? 32 / bits : 32;
}
