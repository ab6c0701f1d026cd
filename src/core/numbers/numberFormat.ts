import { findDecoder } from "../decode/decoder";
import { minifloats } from "../decode/minifloat";
import { nearestCode, nf4 } from "../quant/codebook";
import { minifloatRounder } from "../quant/minifloatRounding";
import { findScheme, isByteScheme } from "../quant/registry";
import { roundHalfEven } from "../quant/roundHalfEven";

/** A way to write one number in bits, by itself. From the highest bit: sign, exponent, and fraction or code. */
export interface NumberFormat {
  readonly id: string;
  readonly label: string;
  readonly bits: number;
  /** 0 for formats that are a code. */
  readonly exponentBits: number;
  /** Of the fraction, or of the code. */
  readonly fractionBits: number;
  /** What is taken from the stored exponent; 0 without one. */
  readonly bias: number;
  /** What a pattern is: a float, a whole number in two's complement, the place of a level in a table. */
  readonly kind: "float" | "integer" | "code book";
  /** The value of a pattern, 0 ≤ pattern < 2^bits. */
  decode(pattern: number): number;
  /** The pattern of the nearest value, as the quantizer of this type stores it. */
  encode(value: number): number;
}

/** Through the decoder and the quantizer of a stored type of one to four whole bytes. */
function stored(dtype: string, scheme: string, bits: number): Pick<NumberFormat, "decode" | "encode"> {
  const found = findScheme(scheme);
  if (!isByteScheme(found)) throw new RangeError(`${scheme} has no bytes`);
  const bytes = new Uint8Array(4);
  const word = new DataView(bytes.buffer);
  return {
    decode: (pattern) => {
      word.setUint32(0, pattern, true);
      const target = new Float32Array(1);
      findDecoder(dtype)!.decode(bytes.subarray(0, bits / 8), target);
      return target[0]!;
    },
    encode: (value) => {
      bytes.fill(0);
      found.quantizeRows(Float32Array.of(value), 1, bytes.subarray(0, bits / 8));
      return word.getUint32(0, true);
    },
  };
}

/** The nibble formats: their decoders read two values from a byte. */
function nibble(dtype: string, encode: (value: number) => number): Pick<NumberFormat, "decode" | "encode"> {
  return {
    decode: (pattern) => {
      const target = new Float32Array(1);
      findDecoder(dtype)!.decode(Uint8Array.of(pattern), target);
      return target[0]!;
    },
    encode,
  };
}

const float = { kind: "float" } as const;

/** Widest first. */
export const numberFormats: readonly NumberFormat[] = [
  { id: "fp32", label: "FP32", bits: 32, exponentBits: 8, fractionBits: 23, bias: 127, ...float, ...stored("F32", "f32", 32) },
  { id: "bf16", label: "BF16", bits: 16, exponentBits: 8, fractionBits: 7, bias: 127, ...float, ...stored("BF16", "bf16", 16) },
  { id: "fp16", label: "FP16", bits: 16, exponentBits: 5, fractionBits: 10, bias: 15, ...float, ...stored("F16", "f16", 16) },
  { id: "fp8-e4m3", label: "FP8 E4M3", bits: 8, exponentBits: 4, fractionBits: 3, bias: 7, ...float, ...stored("F8_E4M3", "fp8-e4m3", 8) },
  { id: "fp8-e5m2", label: "FP8 E5M2", bits: 8, exponentBits: 5, fractionBits: 2, bias: 15, ...float, ...stored("F8_E5M2", "fp8-e5m2", 8) },
  { id: "int8", label: "INT8", bits: 8, exponentBits: 0, fractionBits: 8, bias: 0, kind: "integer", ...int8() },
  {
    id: "fp4",
    label: "FP4 E2M1",
    bits: 4,
    exponentBits: 2,
    fractionBits: 1,
    bias: 1,
    ...float,
    ...nibble("F4", minifloatRounder(minifloats.F4)),
  },
  {
    id: "nf4",
    label: "NF4",
    bits: 4,
    exponentBits: 0,
    fractionBits: 4,
    bias: 0,
    kind: "code book",
    decode: (pattern) => nf4.values[pattern]!,
    encode: (value) => nearestCode(nf4, value),
  },
];

function int8(): Pick<NumberFormat, "decode" | "encode"> {
  return {
    decode: (pattern) => {
      const target = new Float32Array(1);
      findDecoder("I8")!.decode(Uint8Array.of(pattern), target);
      return target[0]!;
    },
    encode: (value) => Math.min(127, Math.max(-128, roundHalfEven(Number.isNaN(value) ? 0 : value))) & 255,
  };
}
