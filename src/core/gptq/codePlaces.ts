import type { BlockFormat } from "../decode/ggml/blockFormat";

/** Where the codes of a ggml block lie: bit `codeBit` of value `value` at `mask` of byte `byte`. */
interface CodePlaces {
  readonly bytes: Uint16Array;
  readonly masks: Uint8Array;
  readonly values: Uint16Array;
  readonly codeBits: Uint8Array;
  /** For each byte of a block, the bits that belong to no code. */
  readonly others: Uint8Array;
}

const known = new Map<string, CodePlaces>();

/**
 * Writes codes into a block whose scales are there already. The places come from the format's own `unpack`, asked about
 * one bit after the other, so layouts stand in one place only.
 *
 * @param codes `format.size` codes from `at` on
 */
export function storeCodes(format: BlockFormat, codes: ArrayLike<number>, at: number, block: Uint8Array, offset: number): void {
  let places = known.get(format.id);
  if (!places) known.set(format.id, (places = findPlaces(format)));
  const { bytes, masks, values, codeBits, others } = places;
  for (let byte = 0; byte < format.bytes; byte++) block[offset + byte]! &= others[byte]!;
  for (let i = 0; i < bytes.length; i++) {
    if ((codes[at + values[i]!]! >> codeBits[i]!) & 1) block[offset + bytes[i]!]! |= masks[i]!;
  }
}

function findPlaces(format: BlockFormat): CodePlaces {
  const block = new Uint8Array(format.bytes);
  const places: { byte: number; mask: number; value: number; codeBit: number }[] = [];
  const others = new Uint8Array(format.bytes).fill(255);
  const none = codesOf(format, block);
  for (let byte = 0; byte < format.bytes; byte++) {
    for (let mask = 1; mask < 256; mask <<= 1) {
      block[byte] = mask;
      const found = codesOf(format, block);
      const value = found.findIndex((code, i) => code !== none[i]);
      if (value < 0) continue;
      places.push({ byte, mask, value, codeBit: Math.log2(found[value]! ^ none[value]!) });
      others[byte]! &= ~mask;
    }
    block[byte] = 0;
  }
  return {
    bytes: Uint16Array.from(places, ({ byte }) => byte),
    masks: Uint8Array.from(places, ({ mask }) => mask),
    values: Uint16Array.from(places, ({ value }) => value),
    codeBits: Uint8Array.from(places, ({ codeBit }) => codeBit),
    others,
  };
}

function codesOf({ size, unpack }: BlockFormat, block: Uint8Array): Int16Array {
  const codes = new Int16Array(size);
  unpack(block, 0, codes, 0, new Float32Array(size), new Float32Array(size));
  return codes;
}
