/**
 * Field `index` of a little-endian stream of `bits`-wide fields in 32-bit words: GPTQ's 3-bit layout, which lets fields
 * straddle words, is such a stream as well.
 *
 * @param at index of the word in which the stream begins
 * @param stride words from one word of the stream to the next
 */
export function streamField(words: Uint32Array, at: number, stride: number, bits: number, index: number): number {
  const bit = index * bits;
  const shift = bit & 31;
  const word = at + (bit >>> 5) * stride;
  let field = words[word]! >>> shift;
  if (shift + bits > 32) field |= words[word + stride]! << (32 - shift);
  return field & (2 ** bits - 1);
}

/** The words that hold fields `[first, first + count)`, and where in the first of them the stream has field `base`. */
export function streamSpan(bits: number, first: number, count: number): { word: number; words: number; base: number } {
  // From a field that begins a word, so that indices inside the span start from a whole word.
  const period = bits === 2 || bits === 4 || bits === 8 || bits === 16 || bits === 1 ? 32 / bits : 32;
  const base = Math.floor(first / period) * period;
  const word = (base * bits) / 32;
  return { word, words: Math.ceil(((first + count) * bits) / 32) - word, base };
}
