import type { GptqBits } from "../gptq/options";
import { roundHalfEven } from "../quant/roundHalfEven";

/** Ranges below this are taken for it. */
const leastRange = Math.fround(1e-5);
const { fround } = Math;

/** How AWQ quantizes weights (Lin et al., 2023). */
export interface AwqOptions {
  /** Files have 4 or 8. */
  readonly bits: GptqBits;
  /** Columns that share a scale; a multiple of 4 that divides the rows of every layer. */
  readonly groupSize: number;
  /** Codes around 0 without zero-point. */
  readonly symmetric: boolean;
}

/** value = scale · (code − zero); codes of symmetric grids are signed, and their zero is 0. */
export interface AwqGrid {
  readonly scale: number;
  readonly zero: number;
  readonly least: number;
  readonly most: number;
}

/** The grid of a group of weights between `min` and `max`, in float32. */
export function awqGrid(min: number, max: number, { bits, symmetric }: { readonly bits: number; readonly symmetric: boolean }): AwqGrid {
  if (symmetric) {
    const most = 2 ** (bits - 1) - 1;
    return { scale: fround(Math.max(-min, max, leastRange) / most), zero: 0, least: -most - 1, most };
  }
  const most = 2 ** bits - 1;
  const scale = fround(Math.max(fround(max - min), leastRange) / most);
  const zero = Math.min(Math.max(-roundHalfEven(fround(min / scale)), 0), most);
  return { scale, zero, least: 0, most };
}

export function awqCode(value: number, { scale, zero, least, most }: AwqGrid): number {
  return Math.min(Math.max(roundHalfEven(fround(value / scale)) + zero, least), most);
}

export function awqValue(code: number, { scale, zero }: AwqGrid): number {
  return fround((code - zero) * scale);
}
