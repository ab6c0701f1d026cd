import { findDType } from "../../tensor/dtype";

/** Byte offsets, in a block, of its half-precision scales: what makes a block useless when it is infinite or NaN. */
const halves: Readonly<Record<string, readonly number[]>> = {
  F16: [0],
  Q4_0: [0],
  Q4_1: [0, 2],
  Q5_0: [0],
  Q5_1: [0, 2],
  Q8_0: [0],
  Q2_K: [80, 82],
  Q3_K: [108],
  Q4_K: [0, 2],
  Q5_K: [0, 2],
  Q6_K: [208],
  IQ4_NL: [0],
  IQ4_XS: [0],
  IQ3_S: [0],
  IQ3_XXS: [0],
  IQ2_S: [0],
  IQ2_XS: [0],
  IQ2_XXS: [0],
  IQ1_S: [0],
  TQ1_0: [52],
  TQ2_0: [64],
  Q1_0: [0],
  Q2_0: [0],
};

const halfExponent = 0x7c;

/**
 * The first block whose scale is infinite or NaN, or −1. Finite weights beyond what half precision holds lead to one;
 * llama.cpp refuses such a file. Source: ggml `ggml_validate_row_data`.
 *
 * @param bytes whole blocks of the type
 */
export function firstInvalidBlock(type: string, bytes: Uint8Array): number {
  const dtype = findDType(type);
  const places = halves[type];
  if (!dtype || !places) return -1;
  const { blockBytes } = dtype;
  for (const place of places) {
    // The upper byte of a half holds its whole exponent.
    for (let at = place + 1; at < bytes.length; at += blockBytes) {
      if ((bytes[at]! & halfExponent) === halfExponent) return Math.floor(at / blockBytes);
    }
  }
  return -1;
}
