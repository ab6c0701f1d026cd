import { viewAs } from "../decode/views";

/** Exponent bits of the plain types in which NaN and infinities exist, by the width of their words. */
const exponents: Readonly<Record<string, { bytes: 2 | 4; mask: number }>> = {
  F32: { bytes: 4, mask: 0x7f800000 },
  F16: { bytes: 2, mask: 0x7c00 },
  BF16: { bytes: 2, mask: 0x7f80 },
};

/** True for the types that {@link firstNonFinite} knows. */
export function hasPlainExponent(dtype: string): boolean {
  return dtype in exponents;
}

/** The index of the first NaN or infinity among stored values of a type, −1 without one or for types that have none. */
export function firstNonFinite(dtype: string, bytes: Uint8Array): number {
  const kind = exponents[dtype];
  if (!kind) return -1;
  return firstWithAll(kind.bytes === 4 ? viewAs(Uint32Array, bytes) : viewAs(Uint16Array, bytes), kind.mask);
}

/** The index of the first word that has all bits of `mask`, or −1. */
function firstWithAll(words: Uint32Array | Uint16Array, mask: number): number {
  for (let i = 0; i < words.length; i++) if ((words[i]! & mask) === mask) return i;
  return -1;
}
