import { findBlockFormat } from "../decode/ggml/formats";
import type { DType } from "../tensor/dtype";

/** What the bytes of a model's weights are spent on. */
export interface WeightParts {
  /** The numbers themselves, places in a code book, signs. */
  codes: number;
  /** Scales, zero-points, smallest values, and padding. */
  scales: number;
  /** Tensors that are not quantized: norms, biases, routers. */
  plain: number;
}

/** Fields of ggml's blocks that hold codes. */
const codeFields = new Set(["qs", "qh", "ql", "hmask", "signs", "scales_signs"]);

/** Bytes of those fields in which scales and shifts share words with codes: 4 bits for 8 groups, or 1 for 32 vectors. */
const scalesAmongCodes: Readonly<Record<string, number>> = { IQ3_XXS: 4, IQ2_XXS: 4, IQ1_S: 4, IQ1_M: 4 };

/** Bytes of codes in one block of a stored type; of a plain type, all of it. */
export function codeBytes({ id, family, blockBytes }: DType): number {
  const format = family === "block" ? findBlockFormat(id) : undefined;
  if (!format) return blockBytes;
  const inFields = format.fields.reduce((sum, { name, bytes }) => sum + (codeFields.has(name) ? bytes : 0), 0);
  return inFields - (scalesAmongCodes[id] ?? 0);
}

/** `bytes` of quantized weights, of which no more than `codes` are codes. */
export function quantizedParts(bytes: number, codes: number): WeightParts {
  const whole = Math.min(bytes, Math.ceil(codes));
  return { codes: whole, scales: bytes - whole, plain: 0 };
}

export function addParts(a: WeightParts, b: WeightParts): WeightParts {
  return { codes: a.codes + b.codes, scales: a.scales + b.scales, plain: a.plain + b.plain };
}

export const noParts: WeightParts = { codes: 0, scales: 0, plain: 0 };

/** The same shares of another number of bytes. */
export function sharedOut({ codes, scales, plain }: WeightParts, bytes: number): WeightParts {
  const all = codes + scales + plain;
  if (all === 0) return { ...noParts, codes: bytes };
  const [ofScales, ofPlain] = [Math.round((bytes * scales) / all), Math.round((bytes * plain) / all)];
  return { codes: bytes - ofScales - ofPlain, scales: ofScales, plain: ofPlain };
}
