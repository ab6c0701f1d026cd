import { countValues, matrixShape } from "../tensor/tensorInfo";
import type { AffineScheme, Granularity } from "./scheme";

const pattern = /^int(\d+)(-sym|-asym)?(-tensor|-channel|-g(\d+))?$/;

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

function label(bits: number, symmetric: boolean, granularity: Granularity): string {
  const where = granularity.kind === "group" ? `groups of ${granularity.size}` : `per ${granularity.kind}`;
  return `INT${bits} · ${symmetric ? "symmetric" : "asymmetric"}, ${where}`;
}

/**
 * The affine scheme a name stands for: `int2` to `int16`, optionally `-sym` or `-asym` (the default), optionally `-tensor`
 * (the default), `-channel` or `-g` and a group size. Undefined for any other name.
 */
export function parseAffine(name: string): AffineScheme | undefined {
  const id = name.toLowerCase();
  const match = pattern.exec(id);
  if (!match) return undefined;
  const bits = Number(match[1]);
  const granularity = granularityOf(match[3], match[4]);
  if (bits < 2 || bits > 16) return undefined;
  if (granularity.kind === "group" && !(granularity.size >= 1 && granularity.size <= 1_048_576)) return undefined;
  return makeAffine(id, bits, match[2] === "-sym", granularity);
}

/**
 * An affine scheme. Stored bytes: the codes, one F16 scale a range and, if asymmetric, one zero-point of `bits` bits a
 * range, packed without gaps, as GPTQ and AWQ checkpoints do (4.16 bits a weight for int4, groups of 128).
 */
function makeAffine(id: string, bits: number, symmetric: boolean, granularity: Granularity): AffineScheme {
  return {
    id,
    label: label(bits, symmetric, granularity),
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
  };
}
