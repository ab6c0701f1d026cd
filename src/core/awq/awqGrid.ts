import type { GptqBits } from "../gptq/options";
import { roundHalfEven } from "../quant/roundHalfEven";

/** Ranges below this are taken for it. */
const leastRange = Math.fround(1e-5);
const { fround } = Math;

/**
 * Codes around 0 without zero-point: the largest magnitude is the largest code, as in AutoAWQ, or half of what all codes span,
 * as in compressed-tensors and GPTQ. False: with a zero-point.
 */
export type AwqSymmetry = false | "code" | "span";

/** How AWQ quantizes weights (Lin et al., 2023). */
export interface AwqOptions {
  /** Files have 4 or 8. */
  readonly bits: GptqBits;
  /** Columns that share a scale; a multiple of 4 that divides the rows of every layer. */
  readonly groupSize: number;
  readonly symmetric: AwqSymmetry;
}

/** value = scale · (code − zero); codes of symmetric grids are signed, and their zero is 0. */
export interface AwqGrid {
  readonly scale: number;
  readonly zero: number;
  readonly least: number;
  readonly most: number;
}

/** Steps from 0 to the largest magnitude of a symmetric grid; 0 stands for one with a zero-point. */
export function symmetricSteps({ bits, symmetric }: Pick<AwqOptions, "bits" | "symmetric">): number {
  if (symmetric === false) return 0;
  return symmetric === "code" ? 2 ** (bits - 1) - 1 : (2 ** bits - 1) / 2;
}

/**
 * The grid of a group of weights between `min` and `max`, in float32.
 * @param most largest code of 0 … most
 * @param steps see {@link symmetricSteps}
 */
export function awqGrid(min: number, max: number, most: number, steps: number): AwqGrid {
  if (steps > 0) {
    const half = (most + 1) / 2;
    return { scale: fround(Math.max(-min, max, leastRange) / steps), zero: 0, least: -half, most: half - 1 };
  }
  const scale = fround(Math.max(fround(max - min), leastRange) / most);
  const zero = Math.min(Math.max(-roundHalfEven(fround(min / scale)), 0), most);
  return { scale, zero, least: 0, most };
}

/** The code nearest to a value, ties to even, as AutoAWQ rounds: `clamp(round(w / scale) + zero)` in float32. */
export function awqCode(value: number, { scale, zero, least, most }: AwqGrid): number {
  return Math.min(Math.max(roundHalfEven(fround(value / scale)) + zero, least), most);
}

/** The float32 value that a code stands for. */
export function awqValue(code: number, { scale, zero }: AwqGrid): number {
  return fround((code - zero) * scale);
}
