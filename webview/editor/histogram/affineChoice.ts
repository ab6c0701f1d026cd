import type { SchemeChoice } from "../../../src/protocol/editor";

/** Weights that share one scale and zero-point: all, a row, or a run of this many inside a row. */
export type AffineGroup = "tensor" | "channel" | number;

/** How a range for all of a tensor is chosen: by its least and greatest value, or as the end of a scheme's name says. */
export type AffineRangeChoice = "minmax" | "mse" | "kl" | `p${number}`;

/** The decisions that make an affine integer scheme. */
export interface AffineChoice {
  /** 2 to 32. */
  bits: number;
  group: AffineGroup;
  symmetric: boolean;
  /** Other than "minmax" only with one range for the tensor. */
  range: AffineRangeChoice;
}

const pattern = /^int(\d+)(-sym|-asym)?(?:-(tensor|channel)|-g(\d+))?(?:-(minmax|p[\d.]+|mse|kl))?$/i;

/** What a scheme identifier like `int4-sym-g128` decides; undefined for schemes that are not affine. */
export function parseAffine(scheme: string): AffineChoice | undefined {
  const match = pattern.exec(scheme);
  if (!match) return undefined;
  const group = match[4] === undefined ? (match[3]?.toLowerCase() === "channel" ? "channel" : "tensor") : Number(match[4]);
  const range = (match[5]?.toLowerCase() ?? "minmax") as AffineRangeChoice;
  return { bits: Number(match[1]), symmetric: match[2]?.toLowerCase() === "-sym", group, range };
}

/** The identifier of a choice. Asymmetric and per tensor are the defaults and go without saying: `int8`, `int4-g128`. */
export function affineId({ bits, group, symmetric, range }: AffineChoice): string {
  const where = group === "tensor" ? "" : group === "channel" ? "-channel" : `-g${group}`;
  const chosen = group === "tensor" && range !== "minmax" ? `-${range}` : "";
  return `int${bits}${symmetric ? "-sym" : ""}${where}${chosen}`;
}

/** As shown beside a curve: labels explain the name after a dot; the name is enough. */
export function schemeLabel(scheme: string, schemes: readonly SchemeChoice[]): string {
  const choice = parseAffine(scheme);
  return choice ? affineLabel(choice) : (schemes.find(({ id }) => id === scheme)?.label.split(" · ")[0] ?? scheme);
}

/** As shown beside a curve: `INT4 g128`. */
export function affineLabel({ bits, group }: AffineChoice): string {
  return typeof group === "number" ? `INT${bits} g${group}` : `INT${bits}`;
}

const everyBits = [4, 8, 2, 3, 6, 5, 16, 7, 10, 12, 9, 11, 13, 14, 15] as const;

/** The widths offered where `places` buttons fit, the usual ones first and the chosen one always among them. */
export function offeredBits(places: number, chosen: number): number[] {
  const offered = everyBits.slice(0, Math.max(2, places));
  if (!offered.some((bits) => bits === chosen)) offered[offered.length - 1] = chosen as (typeof everyBits)[number];
  return [...offered].sort((a, b) => a - b);
}
