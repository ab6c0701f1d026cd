/** Numbers that repeat, for the parts of made-up packed weights. */
export function randomWords(count: number, seed: number): Uint32Array {
  let state = seed >>> 0 || 1;
  return Uint32Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  });
}

/** Positive halves, as scales are. */
export function randomHalves(count: number, seed: number): Uint8Array {
  return new Uint8Array(Uint16Array.from(randomWords(count, seed), (word) => 0x2000 + (word % 0x1000)).buffer);
}

/** Fields of `bits` packed into 32-bit words, low bits first, words one after the other. */
export function packStream(fields: readonly number[], bits: number): Uint32Array {
  const words = new Uint32Array(Math.ceil((fields.length * bits) / 32));
  fields.forEach((field, index) => {
    for (let b = 0; b < bits; b++) {
      const bit = index * bits + b;
      if ((field >> b) & 1) words[bit >>> 5] = (words[bit >>> 5]! | (1 << (bit & 31))) >>> 0;
    }
  });
  return words;
}

export function bytesOfWords(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
