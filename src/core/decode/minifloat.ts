/** How the codes with an all-ones exponent (or the single special code) of a small float are read. */
type Specials =
  /** As IEEE: infinity, and NaN for a nonzero fraction. */
  | "ieee"
  /** "fn": only all-ones exponent and fraction is NaN; no infinity. */
  | "finite"
  /** "fnuz": no negative zero; its code is the one NaN. */
  | "unsigned-zero"
  /** Every code is a number. */
  | "none";

/** A float of at most 8 bits: sign, exponent, fraction. */
export interface Minifloat {
  readonly exponentBits: number;
  readonly fractionBits: number;
  readonly bias: number;
  readonly specials: Specials;
}

/**
 * The sub-16-bit floats of safetensors. E4M3 and E5M2: OCP 8-bit Floating Point Specification 1.0; FNUZ: Noune et al.,
 * "8-bit Numerical Formats for Deep Neural Networks" (2022); F4 and F6: OCP Microscaling Formats 1.0.
 */
export const minifloats = {
  F8_E4M3: { exponentBits: 4, fractionBits: 3, bias: 7, specials: "finite" },
  F8_E5M2: { exponentBits: 5, fractionBits: 2, bias: 15, specials: "ieee" },
  F8_E4M3FNUZ: { exponentBits: 4, fractionBits: 3, bias: 8, specials: "unsigned-zero" },
  F8_E5M2FNUZ: { exponentBits: 5, fractionBits: 2, bias: 16, specials: "unsigned-zero" },
  F6_E2M3: { exponentBits: 2, fractionBits: 3, bias: 1, specials: "none" },
  F6_E3M2: { exponentBits: 3, fractionBits: 2, bias: 3, specials: "none" },
  F4: { exponentBits: 2, fractionBits: 1, bias: 1, specials: "none" },
} as const satisfies Record<string, Minifloat>;

function valueOf(format: Minifloat, code: number): number {
  const { exponentBits, fractionBits, bias, specials } = format;
  const signBit = 1 << (exponentBits + fractionBits);
  const sign = code & signBit ? -1 : 1;
  const exponent = (code >> fractionBits) & ((1 << exponentBits) - 1);
  const fraction = code & ((1 << fractionBits) - 1);
  const allOnes = exponent === (1 << exponentBits) - 1;
  if (specials === "unsigned-zero" && code === signBit) return NaN;
  if (specials === "ieee" && allOnes) return fraction === 0 ? sign * Infinity : NaN;
  if (specials === "finite" && allOnes && fraction === (1 << fractionBits) - 1) return NaN;
  const unit = 2 ** -fractionBits;
  if (exponent === 0) return sign * fraction * unit * 2 ** (1 - bias);
  return sign * (1 + fraction * unit) * 2 ** (exponent - bias);
}

/** The values of every code, by code. */
export function minifloatTable(format: Minifloat): Float32Array {
  const codes = 2 ** (1 + format.exponentBits + format.fractionBits);
  return Float32Array.from({ length: codes }, (_, code) => valueOf(format, code));
}

/** F8_E8M0: a power of two, 2^(code − 127); 255 is NaN. */
export function exponentTable(): Float32Array {
  return Float32Array.from({ length: 256 }, (_, code) => (code === 255 ? NaN : 2 ** (code - 127)));
}
