import { countValues, matrixShape } from "../tensor/tensorInfo";
import { parseRangeChoice, type RangeChoice } from "./rangeChoice";
import type { AffineScheme, Granularity } from "./scheme";

const pattern = /^int(\d+)(-sym|-asym)?(-tensor|-channel|-g(\d+))?(-minmax|-p[\d.]+|-mse|-kl)?$/;

/** Widest codes whose range is chosen from a histogram. */
const mostChosenBits = 16;

function granularityOf(part: string | undefined, group: string | undefined): Granularity {
  if (group !== undefined) return { kind: "group", size: Number(group) };
  return part === "-channel" ? { kind: "channel" } : { kind: "tensor" };
}

/** Scales (and zero-points) a tensor of this shape needs. Groups are runs inside a row; the last of a row may be short. */
export function countRanges(granularity: Granularity, shape: readonly number[]): number {
  const { rows, columns } = matrixShape(shape);
  if (rows * columns === 0) return 0;
  if (granularity.kind === "tensor") return 1;
  return granularity.kind === "channel" ? rows : rows * Math.ceil(columns / granularity.size);
}

function label(bits: number, symmetric: boolean, granularity: Granularity, choice?: RangeChoice): string {
  const where = granularity.kind === "group" ? `groups of ${granularity.size}` : `per ${granularity.kind}`;
  return `INT${bits} · ${symmetric ? "symmetric" : "asymmetric"}, ${where}${choice ? `, ${choice.label}` : ""}`;
}

/**
 * The affine scheme a name stands for: `int2` to `int32`, optionally `-sym` or `-asym` (the default), optionally `-tensor`
 * (the default), `-channel` or `-g` and a group size; with one range for the tensor optionally `-minmax` (the default), `-p`
 * and a percentile, `-mse` or `-kl` for how it is chosen, up to 16 bits: a histogram of magnitudes says nothing of finer codes.
 * Undefined for any other name.
 */
export function parseAffine(name: string): AffineScheme | undefined {
  const id = name.toLowerCase();
  const match = pattern.exec(id);
  if (!match) return undefined;
  const bits = Number(match[1]);
  const granularity = granularityOf(match[3], match[4]);
  if (bits < 2 || bits > 32) return undefined;
  if (granularity.kind === "group" && !(granularity.size >= 1 && granularity.size <= 1_048_576)) return undefined;
  const choice = match[5] === undefined || match[5] === "-minmax" ? undefined : parseRangeChoice(match[5].slice(1), bits);
  if (match[5] !== undefined && granularity.kind !== "tensor") return undefined;
  if (match[5] !== undefined && match[5] !== "-minmax" && !(choice && bits <= mostChosenBits)) return undefined;
  return makeAffine(id, bits, match[2] === "-sym", granularity, choice);
}

/**
 * An affine scheme. Stored bytes: the codes, one F16 scale a range and, if asymmetric, one zero-point of `bits` bits a
 * range, packed without gaps, as GPTQ and AWQ checkpoints do (4.16 bits a weight for int4, groups of 128).
 */
function makeAffine(id: string, bits: number, symmetric: boolean, granularity: Granularity, choice: RangeChoice | undefined): AffineScheme {
  return {
    id,
    label: label(bits, symmetric, granularity, choice),
    family: "affine",
    blockSize: granularity.kind === "group" ? granularity.size : 0,
    bits,
    symmetric,
    granularity,
    bytes(shape) {
      const ranges = countRanges(granularity, shape);
      const zeroPoints = symmetric ? 0 : Math.ceil((ranges * bits) / 8);
      return Math.ceil((countValues(shape) * bits) / 8) + 2 * ranges + zeroPoints;
    },
    applicable: () => true,
    ...(choice ? { tensorSums: choice.counts, chooseRange: choice.choose } : {}),
  };
}
