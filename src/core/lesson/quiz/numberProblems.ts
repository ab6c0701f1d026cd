import { affineCode, affineRange, affineValue, type AffineRange } from "../../quant/affineArithmetic";
import type { Numbers } from "./problem";

type Random = () => number;

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)]!;
}

/** A whole number, `low` ≤ number ≤ `high`. */
function between(low: number, high: number, random: Random): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** To the digits that a question shows: the answer must follow from what is read. */
function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}

/** Weights of `billions` · 10⁹ at `bits` bits: GB without scales. */
export function sizeProblem(billions: number, bits: number): Numbers {
  const bytes = (billions * 1e9 * bits) / 8;
  return {
    given: [billions, bits],
    answers: {
      right: bytes / 1e9,
      bitsForBytes: billions * bits,
      gibibytes: rounded(bytes / 2 ** 30, 3),
      halved: bytes / 2e9,
    },
  };
}

export function drawSize(random: Random): Numbers {
  return sizeProblem(pick([1, 3, 7, 8, 13, 14, 32, 70], random), pick([4, 8, 16], random));
}

const scales = [0.01, 0.02, 0.04, 0.05, 0.1];

/** Quantizing to an unsigned 8-bit code. */
export function quantizeProblem(scale: number, zeroPoint: number, value: number): Numbers {
  const range: AffineRange = { scale, zeroPoint, minCode: 0, maxCode: 255 };
  const steps = affineCode(value, { ...range, zeroPoint: 0 });
  return {
    given: [scale, zeroPoint, value],
    answers: {
      right: affineCode(value, range),
      noZeroPoint: steps,
      subtracted: steps - zeroPoint,
      multiplied: affineCode(value * scale * scale, range),
    },
  };
}

export function drawQuantize(random: Random): Numbers {
  const scale = pick(scales, random);
  const zeroPoint = between(60, 130, random);
  const steps = between(20, 120, random) + between(-2, 2, random) / 5;
  return quantizeProblem(scale, zeroPoint, rounded(steps * scale, 5));
}

/** Dequantizing an unsigned 8-bit code. */
export function dequantizeProblem(scale: number, zeroPoint: number, code: number): Numbers {
  const range: AffineRange = { scale, zeroPoint, minCode: 0, maxCode: 255 };
  return {
    given: [scale, zeroPoint, code],
    answers: {
      right: affineValue(code, range),
      noZeroPoint: affineValue(code, { ...range, zeroPoint: 0 }),
      added: affineValue(code, { ...range, zeroPoint: -zeroPoint }),
      divided: (code - zeroPoint) / scale,
    },
  };
}

/** The worked example: code 137 of the range [−2.5, 3.1]. */
export function workedDequantize(): Numbers {
  const { scale, zeroPoint } = affineRange(-2.5, 3.1, 8, false);
  return dequantizeProblem(scale, zeroPoint, 137);
}

export function drawDequantize(random: Random): Numbers {
  return dequantizeProblem(pick(scales, random), between(90, 160, random), between(10, 245, random));
}

/** How many codes an integer of `bits` bits has. */
export function levelsProblem(bits: number): Numbers {
  return { given: [bits], answers: { right: 2 ** bits, restricted: 2 ** bits - 1, doubled: 2 * bits, bits } };
}

export function drawLevels(random: Random): Numbers {
  return levelsProblem(between(3, 8, random));
}

/** The largest error of a value inside the range. */
export function largestErrorProblem(scale: number): Numbers {
  return { given: [scale], answers: { right: scale / 2, whole: scale, twice: 2 * scale, none: 0 } };
}

export function drawLargestError(random: Random): Numbers {
  return largestErrorProblem(rounded(between(1, 99, random) / 500, 3));
}

/** Bits of a weight with one FP16 scale a group. */
export function bitsPerWeightProblem(bits: number, group: number): Numbers {
  return {
    given: [bits, group],
    answers: { right: bits + 16 / group, noScale: bits, scalePerWeight: bits + 16, inverted: bits + group / 16 },
  };
}

export function drawBitsPerWeight(random: Random): Numbers {
  return bitsPerWeightProblem(pick([2, 3, 4, 5, 6, 8], random), pick([32, 64, 128], random));
}
